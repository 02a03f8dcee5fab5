import type { RecordResult } from '../../kit/destination.ts';
import { codeText, delivered, rejected, unexplained } from '../../kit/http/route.ts';
import type { JobState } from './bulk-job.ts';
import { firstCell, parseCsv } from './csv.ts';
import { readJobError } from './row-result.ts';

/** The rows that were sent. */
export interface SentCsv {
  readonly header: readonly string[];
  /** The first column says whose row it is. */
  readonly keyed: boolean;
  readonly rows: readonly string[];
}

/** Cells of the result files: those of `matchColumns`, and behind them of refused rows the reason. */
interface ResultFiles {
  readonly successful: readonly (readonly string[])[];
  readonly failed: readonly (readonly string[])[];
}

/** The columns that rows are found again by. */
export const matchColumns = ({ header, keyed }: SentCsv): readonly string[] =>
  keyed ? header.slice(0, 1) : header;

/**
 * Gives each row of a job its result. The files do not keep the order: a row is found again by its key, or by all of its
 * cells where it has none (of rows that are alike in every cell it does not matter which is which). What an unfinished job
 * names in neither file was not written, or is in doubt.
 */
export function matchResults(
  { state, errorMessage }: JobState,
  { successful, failed }: ResultFiles,
  csv: SentCsv,
): RecordResult[] {
  const { keyed, rows } = csv;
  const width = matchColumns(csv).length;
  const nameOf = (cells: readonly string[]): string =>
    keyed ? (cells[0] ?? '') : JSON.stringify(cells.slice(0, width));
  const waiting = new Map<string, number>();
  /** Of rows that are alike, those behind the first. */
  const alike = new Map<string, number[]>();
  rows.forEach((row, place) => {
    const name = keyed ? firstCell(row) : nameOf(parseCsv(row)[0] ?? ['']);
    if (!waiting.has(name)) waiting.set(name, place);
    else {
      const places = alike.get(name);
      if (places) places.push(place);
      else alike.set(name, [place]);
    }
  });
  const results: (RecordResult | undefined)[] = rows.map(() => undefined);
  const settle = (cells: readonly string[], result: RecordResult): void => {
    const name = nameOf(cells);
    const place = waiting.get(name);
    if (place === undefined) return;
    results[place] = result;
    const next = alike.get(name)?.shift();
    if (next === undefined) waiting.delete(name);
    else waiting.set(name, next);
  };
  for (const cells of successful) settle(cells, delivered);
  for (const cells of failed) settle(cells, readJobError(cells[width] ?? ''));
  const rest = restOf(state, errorMessage);
  return results.map((result) => result ?? rest);
}

/** What it means that a job which has ended names a row nowhere. */
function restOf(state: string, errorMessage: string): RecordResult {
  // A batch that was under way when the job was aborted may yet be written.
  if (state === 'Aborted')
    return {
      status: 'uncertain',
      code: 'job_aborted',
      message: 'The job was aborted before it told of this row.',
    };
  if (state !== 'Failed') return unexplained('Salesforce');
  // `InvalidBatch : Field name not found : Foo__c`
  const [, code = 'job_failed', words = errorMessage] =
    /^\s*([A-Za-z]+)\s*:\s*([\s\S]+)$/.exec(errorMessage) ?? [];
  if (/lock|timeout|unavailable|exceeded/i.test(errorMessage))
    return { status: 'retry', code: codeText(code), message: errorMessage };
  return rejected(code, words);
}
