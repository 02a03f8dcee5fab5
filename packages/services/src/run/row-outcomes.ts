import type { ChangeClass } from '@sluice/domain/change';
import type { RunRow } from '@sluice/domain/run';
import { isFinal } from '@sluice/domain/run-status';
import { operationsOf } from '@sluice/domain/sync-mode';
import type { PlannedChange } from '@sluice/engine/planned-change';
import type { ServiceContext } from '../context.ts';
import type { PlannedRun } from './load-plan.ts';

/**
 * What became of these rows of a plan: exceptions first, then the batches that cover them. A row whose batch was begun
 * and never answered is uncertain once the run has ended; a row in no batch was not attempted.
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
      where: { runId: run.id, seqFrom: { lte: last.seq }, seqTo: { gte: first.seq } },
      orderBy: { seqFrom: 'asc' },
    }),
  ]);
  const exceptionBySeq = new Map(exceptions.map((exception) => [exception.seq, exception]));
  const operations = run.specification ? operationsOf(run.specification.configuration) : null;
  const covers = (seq: number, name: ChangeClass, state: string) =>
    batches.some(
      (batch) => batch.state === state && batch.class === name && batch.seqFrom <= seq && seq <= batch.seqTo,
    );

  return changes.map(({ seq, key, class: name }) => {
    const row = { seq, key, class: name, code: null, message: null };
    const exception = exceptionBySeq.get(seq);
    if (exception) {
      const { code, message } = exception;
      return { ...row, outcome: exception.outcome as RunRow['outcome'], code, message };
    }
    if (operations && operations[name] === null) return { ...row, outcome: 'skipped' };
    if (covers(seq, name, 'settled')) return { ...row, outcome: 'delivered' };
    if (isFinal(run.status) && covers(seq, name, 'intended')) return { ...row, outcome: 'uncertain' };
    return { ...row, outcome: 'not_attempted' };
  });
}
