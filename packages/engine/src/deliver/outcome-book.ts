import type { DuckDBAppender } from '@duckdb/node-api';
import { type ChangeClass, changeClasses, type RunCounts, sumCounts, sumSent } from '@sluice/domain/change';
import type { Duck } from '../duck.ts';
import { sentRanges } from '../plan/open-plan.ts';
import type { BatchIntent, BatchOutcome, RowException, RunStore } from '../ports.ts';
import { addRange, overlap, type SeqRange } from './seq-ranges.ts';

/** What is known of the rows of a run: settled ranges, exceptions (in DuckDB, as they may be many), and counts. */
export interface OutcomeBook {
  readonly counts: RunCounts;
  readonly settled: readonly SeqRange[];
  /** Batches that an earlier attempt announced and never settled. */
  readonly doubtful: readonly BatchIntent[];
  /** Takes note of outcomes that are on disk. */
  settle(outcomes: readonly BatchOutcome[]): void;
  /** Writes what is buffered, so that the table `exceptions (seq, uncertain)` is complete. */
  flush(): void;
  /** Closes the counts: what was neither delivered nor refused was not attempted. */
  close(): RunCounts;
}

/** Where a book begins: what earlier attempts left, or nothing when the plan is of this one. */
type Past = Pick<RunStore, 'batches' | 'exceptions'> | null;

/** Opens the book of a run with what earlier attempts left. `planned` are the counts of its plan. */
export async function openBook(duck: Duck, past: Past, planned: RunCounts): Promise<OutcomeBook> {
  await duck.run('CREATE OR REPLACE TEMP TABLE exceptions (seq INTEGER, uncertain BOOLEAN)');
  const appender = await duck.appender('exceptions');
  const counts = structuredClone(planned);
  let settled: SeqRange[] = [];
  const doubtful: BatchIntent[] = [];
  for await (const { state, ...batch } of past?.batches() ?? []) {
    const { seqFrom, seqTo } = batch;
    if (state === 'intended') doubtful.push(batch);
    else settled = addRange(settled, { from: seqFrom, to: seqTo });
  }
  for (const range of sentRanges(planned)) counts.delivered[range.class] += overlap(range, settled);
  for await (const exception of past?.exceptions() ?? []) {
    counts.delivered[exception.class] -= 1;
    note(counts, appender, exception);
  }
  return {
    counts,
    get settled() {
      return settled;
    },
    doubtful,
    settle(outcomes) {
      for (const outcome of outcomes) {
        settled = addRange(settled, { from: outcome.seqFrom, to: outcome.seqTo });
        counts.delivered[outcome.class] += outcome.delivered;
        for (const exception of outcome.exceptions) note(counts, appender, exception);
      }
    },
    flush: () => appender.flushSync(),
    close: () => closeCounts(counts),
  };
}

/** Counts in which every planned row without an outcome is `notAttempted`. */
export function closeCounts(counts: RunCounts): RunCounts {
  const left = (name: ChangeClass): number =>
    counts.planned[name] -
    counts.delivered[name] -
    counts.rejected[name] -
    counts.uncertain[name] -
    counts.skipped[name] -
    counts.held[name];
  const notAttempted = { added: 0, changed: 0, removed: 0 };
  for (const name of changeClasses) notAttempted[name] = left(name);
  return { ...structuredClone(counts), notAttempted };
}

/** Share of the rows to send that have an outcome, 0 to 1. */
export function completionRatio(counts: RunCounts): number {
  const toSend = sumSent(counts);
  if (toSend === 0) return 1;
  return (sumCounts(counts.delivered) + sumCounts(counts.rejected) + sumCounts(counts.uncertain)) / toSend;
}

function note(counts: RunCounts, appender: DuckDBAppender, exception: RowException): void {
  counts[exception.outcome][exception.class] += 1;
  appender.appendInteger(exception.seq);
  appender.appendBoolean(exception.outcome === 'uncertain');
  appender.endRow();
}
