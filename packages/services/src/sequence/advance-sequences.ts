import { finalStatuses } from '@sluice/domain/run-status';
import type { ServiceContext } from '../context.ts';
import { advanceSequenceRun } from './advance-sequence-run.ts';

const runsMax = 1_000;

/**
 * Looks for sequence runs that can move: pending ones with nothing before them, running ones none of whose steps is
 * under way, and cancelled ones whose step has not been told. Answers how many there were. One that fails is tried
 * again by the next look and does not hold up the others.
 */
export async function advanceSequences(ctx: ServiceContext): Promise<number> {
  const due = await ctx.db.$queryRaw<{ id: string; workspaceId: number }[]>`
    select this.id, this.workspace_id as "workspaceId" from sequence_runs this
    where (this.status = 'pending' and not exists (
        select 1 from sequence_runs other where other.sequence_id = this.sequence_id and other.status = 'running'))
      or (this.status = 'running' and not exists (
        select 1 from sequence_run_steps step
        join runs on runs.id = step.run_id and runs.workspace_id = step.workspace_id
        where step.sequence_run_id = this.id and runs.status <> all(${[...finalStatuses]})
          and (this.cancel_requested_at is null
            or (runs.trigger = 'sequence' and runs.cancel_requested_at is not null))))
    order by this.number limit ${runsMax}`;
  for (const key of due) {
    try {
      await advanceSequenceRun(ctx, key);
    } catch (err) {
      ctx.log.warn(
        { err, sequenceRunId: key.id, workspaceId: key.workspaceId },
        'a sequence run did not get on; trying again',
      );
    }
  }
  return due.length;
}
