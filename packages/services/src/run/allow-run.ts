import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { RunView } from '@sluice/domain/run';
import { type RunKind, RunSelection } from '@sluice/domain/run-selection';
import type { AskedResync } from '@sluice/domain/sync';
import type { ServiceContext } from '../context.ts';
import { triggerSync } from '../sync/trigger-sync.ts';
import { queueAskedRun } from './queue-asked-run.ts';
import { runScope } from './run-scope.ts';
import { errorOf } from './run-view.ts';

/**
 * Runs what a guard stopped once more, about the same rows and without the guards. Throws `not_found`, `run_not_active`
 * for a run that no guard stopped, and what a trigger, a replay or a revert throws.
 */
export async function allowRun(ctx: ServiceContext, actor: Actor, input: { id: number }): Promise<RunView> {
  authorise(actor, 'sync.trigger');
  const run = await ctx.db.run.findFirst({
    where: { AND: [runScope(actor), { id: input.id }] },
    select: { syncId: true, kind: true, selection: true, resync: true, error: true },
  });
  if (!run) throw new SluiceError('not_found', `There is no run ${input.id} in this workspace.`);
  if (errorOf(run.error)?.code !== 'run_guard')
    throw new SluiceError('run_not_active', `Run ${input.id} was not stopped by a guard.`);
  // What came with an edit is still pending, and needs no asking.
  const resync = run.resync === 'from_now' ? 'none' : (run.resync as AskedResync);
  const { syncId } = run;
  if (run.selection === null) return triggerSync(ctx, actor, { id: syncId, resync, ignoreGuards: true });
  const selection = RunSelection.parse(run.selection);
  const kind = run.kind as RunKind;
  if (kind === 'revert') authorise(actor, 'sync.write');
  return queueAskedRun(ctx, actor, {
    syncId,
    kind,
    selection,
    resync,
    ignoreGuards: true,
    action: actionOf[selection.type],
    evenDisabled: kind === 'revert',
  });
}

const actionOf = {
  rows: 'run.replay',
  revert: 'run.revert',
  filter: 'sync.backfill',
  doubts: 'sync.doubts',
} as const;
