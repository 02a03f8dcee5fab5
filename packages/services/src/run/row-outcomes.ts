import type { RunRow } from '@sluice/domain/run';
import { operationsOf } from '@sluice/domain/sync-mode';
import type { PlannedChange } from '@sluice/engine/planned-change';
import type { ServiceContext } from '../context.ts';
import type { PlannedRun } from './load-plan.ts';

/**
 * What became of these rows of a plan: exceptions first, then the settled batches that cover them; a row in none was
 * not attempted. (A batch that was announced and never answered has its rows among the exceptions when the run ends.)
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
      where: { runId: run.id, state: 'settled', seqFrom: { lte: last.seq }, seqTo: { gte: first.seq } },
      orderBy: { seqFrom: 'asc' },
    }),
  ]);
  const exceptionBySeq = new Map(exceptions.map((exception) => [exception.seq, exception]));
  const operations = run.specification ? operationsOf(run.specification.configuration) : null;
  // Both in the order of the plan, and batches never overlap: one walk finds the batch of each row.
  let at = 0;
  const isCovered = (seq: number): boolean => {
    while (at < batches.length && (batches[at]?.seqTo ?? 0) < seq) at += 1;
    return (batches[at]?.seqFrom ?? Number.POSITIVE_INFINITY) <= seq;
  };

  return changes.map(({ seq, key, class: name }) => {
    const row = { seq, key, class: name, code: null, message: null };
    const exception = exceptionBySeq.get(seq);
    if (exception) {
      const { code, message } = exception;
      return { ...row, outcome: exception.outcome as RunRow['outcome'], code, message };
    }
    if (operations && operations[name] === null) return { ...row, outcome: 'skipped' };
    if (isCovered(seq)) return { ...row, outcome: 'delivered' };
    return { ...row, outcome: 'not_attempted' };
  });
}
