import { type Actor, authorise } from '@sluice/domain/actor';
import type { RunView } from '@sluice/domain/run';
import type { ReplayRun } from '@sluice/domain/run-selection';
import type { ServiceContext } from '../context.ts';
import { getSyncIdOfRun } from './get-sync-id-of-run.ts';
import { queueAskedRun } from './queue-asked-run.ts';

/**
 * Sends rows of an ended run again, now, as a run of its own: rejected ones, some chosen ones, or all that it sent, with
 * values corrected by hand. Throws `not_found`, `sync_disabled`, `conflict`, `run_not_replayable`; whoever corrects values
 * must be allowed to see rows.
 */
export async function replayRun(
  ctx: ServiceContext,
  actor: Actor,
  input: ReplayRun,
  options: { key?: string | undefined } = {},
): Promise<RunView> {
  authorise(actor, 'sync.trigger');
  const { ignoreGuards, ...rows } = input;
  if (rows.corrections.length > 0) authorise(actor, 'run.rows');
  const syncId = await getSyncIdOfRun(ctx, actor, input.runId);
  const selection = { type: 'rows', ...rows } as const;
  return queueAskedRun(
    ctx,
    actor,
    { syncId, kind: 'replay', selection, resync: 'none', ignoreGuards, action: 'run.replay' },
    options,
  );
}
