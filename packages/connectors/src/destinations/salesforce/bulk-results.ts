import type { RecordResult } from '../../kit/destination.ts';
import { codeText, delivered, rejected, unexplained } from '../../kit/http/route.ts';
import type { JobState } from './bulk-job.ts';
import { parseCsv } from './csv.ts';
import { readJobError } from './row-result.ts';

interface ResultFiles {
  readonly successful: readonly ReadonlyMap<string, string>[];
  readonly failed: readonly ReadonlyMap<string, string>[];
}

/**
 * Gives each row of a job its result. The files do not keep the order: a row is found again by its key, or by all of its
 * cells where it has none (of rows that are alike in every cell it does not matter which is which). What an unfinished job
 * names in neither file was not written, or is in doubt.
 */
export function matchResults(
  { state, errorMessage }: JobState,
  { successful, failed }: ResultFiles,
  csv: { readonly header: readonly string[]; readonly keyed: boolean; readonly rows: readonly string[] },
): RecordResult[] {
  const { header, keyed, rows } = csv;
  const columns = keyed ? header.slice(0, 1) : header;
  const waiting = new Map<string, number[]>();
  const cells = parseCsv(rows.join('\n'));
  cells.forEach((row, place) => {
    const name = JSON.stringify(row.slice(0, columns.length));
    const places = waiting.get(name);
    if (places) places.push(place);
    else waiting.set(name, [place]);
  });
  const results: (RecordResult | undefined)[] = rows.map(() => undefined);
  const settle = (row: ReadonlyMap<string, string>, result: RecordResult): void => {
    const name = JSON.stringify(columns.map((column) => row.get(column) ?? ''));
    const place = waiting.get(name)?.shift();
    if (place !== undefined) results[place] = result;
  };
  for (const row of successful) settle(row, delivered);
  for (const row of failed) settle(row, readJobError(row.get('sf__Error') ?? ''));
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
