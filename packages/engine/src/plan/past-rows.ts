import { addRange, type SeqRange } from '../deliver/seq-ranges.ts';
import type { Duck } from '../duck.ts';
import type { PlanMetadata } from '../ledger/file-metadata.ts';
import type { PastRun } from '../ports.ts';
import { literal } from '../sql.ts';
import { describePlan } from './plan-reader.ts';

/** The plan of an ended run, with what became of its rows. */
export interface PastRows {
  readonly metadata: PlanMetadata;
  /**
   * SQL of the rows that the run was to send, without those whose values were not read: the columns of its plan and `outcome`: `delivered`, `uncertain`, or
   * `open` for rows that were rejected or not attempted.
   */
  readonly relation: string;
}

/** Opens an ended run over the local file of its plan. Fills the table `past_exceptions`. */
export async function openPastRows(duck: Duck, past: PastRun, path: string): Promise<PastRows> {
  const metadata = await describePlan(duck, path);
  await duck.run('CREATE OR REPLACE TEMP TABLE past_exceptions (seq INTEGER, uncertain BOOLEAN)');
  const appender = await duck.appender('past_exceptions');
  for await (const { seq, outcome } of past.exceptions()) {
    appender.appendInteger(seq);
    appender.appendBoolean(outcome === 'uncertain');
    appender.endRow();
  }
  appender.flushSync();
  appender.closeSync();
  let settled: SeqRange[] = [];
  for await (const { seqFrom, seqTo, state } of past.batches()) {
    if (state === 'settled') settled = addRange(settled, { from: seqFrom, to: seqTo });
  }
  const answered = settled.map(({ from, to }) => `p.seq BETWEEN ${from} AND ${to}`).join(' OR ') || 'false';
  const relation = `(
    SELECT p.*, CASE WHEN e.uncertain THEN 'uncertain' WHEN e.seq IS NULL AND (${answered}) THEN 'delivered'
      ELSE 'open' END AS outcome, e.seq IS NOT NULL AS failed
    FROM read_parquet(${literal(path)}) p LEFT JOIN past_exceptions e ON e.seq = p.seq
    WHERE p.sent AND p.class <> 'unchanged' ${metadata.cut ? 'AND p.oversize IS NULL' : ''})`;
  return { metadata, relation };
}

/** Fills the table `chosen` with positions of a plan. */
export async function fillChosen(duck: Duck, seqs: AsyncIterable<number> | Iterable<number>): Promise<void> {
  await duck.run('CREATE OR REPLACE TEMP TABLE chosen (seq INTEGER)');
  const appender = await duck.appender('chosen');
  for await (const seq of seqs) {
    appender.appendInteger(seq);
    appender.endRow();
  }
  appender.flushSync();
  appender.closeSync();
}

/** SQL of the doubt that an unclear answer leaves, by the class of the row. */
export const doubtOfClass = `CASE class WHEN 'added' THEN 'add' WHEN 'changed' THEN 'change' ELSE 'remove' END`;
