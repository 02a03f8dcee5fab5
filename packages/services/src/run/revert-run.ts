import { type Actor, authorise } from '@sluice/domain/actor';
import type { RunView } from '@sluice/domain/run';
import type { RevertRun } from '@sluice/domain/run-selection';
import type { ServiceContext } from '../context.ts';
import { getSyncIdOfRun } from './get-sync-id-of-run.ts';
import { queueAskedRun } from './queue-asked-run.ts';

/**
 * Takes back what an ended run delivered, as a run of its own. The next run of the sync would send its rows again, so
 * whoever reverts usually disables the sync first; a disabled one can be reverted. Throws `not_found`, `conflict`,
 * `run_not_replayable`.
 */
export async function revertRun(
  ctx: ServiceContext,
  actor: Actor,
  input: RevertRun,
  options: { key?: string | undefined } = {},
): Promise<RunView> {
  authorise(actor, 'sync.write');
  const { runId, added, ignoreGuards } = input;
  const syncId = await getSyncIdOfRun(ctx, actor, runId);
  return queueAskedRun(
    ctx,
    actor,
    {
      syncId,
      kind: 'revert',
      selection: { type: 'revert', runId, added },
      resync: 'none',
      ignoreGuards,
      action: 'run.revert',
      evenDisabled: true,
    },
    options,
  );
}
