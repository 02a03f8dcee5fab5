import type { ErrorCode } from '@sluice/domain/error-code';
import type { RunRow } from '@sluice/domain/run';
import type { PlannedChange } from '@sluice/engine/plan/planned-change';
import type { ServiceContext } from '../context.ts';
import type { PlannedRun } from './load-plan.ts';

/**
 * What became of these rows of a plan: exceptions first, then the settled batches that cover them; a row in none was
 * not attempted. A batch that is only announced was never sent, because the engine books real doubts before it ends a
 * run: only where a run had to be ended without the engine, nobody knows, and its rows are uncertain.
 */
export async function rowOutcomes(
  ctx: ServiceContext,
  run: PlannedRun,
  changes: readonly PlannedChange[],
): Promise<RunRow[]> {
  const first = changes[0];
  const last = changes.at(-1);
  if (!first || !last) return [];
  const seqs = changes.map(({ seq }) => seq);
  const [exceptions, batches] = await Promise.all([
    ctx.db.runException.findMany({ where: { runId: run.id, seq: { in: seqs } } }),
    ctx.db.runBatch.findMany({
      where: {
        runId: run.id,
        ...(run.errorCode !== endedWithoutEngine && { state: 'settled' }),
        seqFrom: { lte: last.seq },
        seqTo: { gte: first.seq },
      },
      orderBy: { seqFrom: 'asc' },
    }),
  ]);
  const exceptionBySeq = new Map(exceptions.map((exception) => [exception.seq, exception]));
  // Both in the order of the plan, and batches never overlap: one walk finds the batch of each row.
  let at = 0;
  const batchOf = (seq: number) => {
    while (at < batches.length && (batches[at]?.seqTo ?? 0) < seq) at += 1;
    const batch = batches[at];
    return batch && batch.seqFrom <= seq ? batch : null;
  };

  return changes.map(({ seq, key, class: name, sent, held }) => {
    const row = { seq, key, class: name, code: null, message: null };
    const exception = exceptionBySeq.get(seq);
    if (exception) {
      const { code, message } = exception;
      return { ...row, outcome: exception.outcome as RunRow['outcome'], code, message };
    }
    if (!sent) return { ...row, outcome: held ? 'held' : 'skipped' };
    const batch = batchOf(seq);
    if (!batch) return { ...row, outcome: 'not_attempted' };
    if (batch.state === 'settled') return { ...row, outcome: 'delivered' };
    return { ...row, ...interrupted };
  });
}

const endedWithoutEngine: ErrorCode = 'run_crash_loop';

const interrupted = {
  outcome: 'uncertain',
  code: 'interrupted',
  message: 'The run stopped its worker while this row was sent; the row may or may not have arrived.',
} as const;
