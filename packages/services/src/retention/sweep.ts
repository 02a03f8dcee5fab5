import type { ServiceContext } from '../context.ts';
import { pruneDryRuns } from '../dry-run/prune-dry-runs.ts';
import { pruneGrants } from '../oauth/prune-grants.ts';
import { pruneMissedSchedules } from '../schedule/prune-missed-schedules.ts';
import { pruneSequenceRuns } from '../sequence/prune-sequence-runs.ts';
import { pruneSequenceTriggerKeys } from '../sequence/sequence-trigger-key.ts';
import { tidyPlanners } from '../source/tidy-planner.ts';
import { pruneTriggerKeys } from '../sync/trigger-key.ts';
import { pruneDeliveries } from '../webhook/prune-deliveries.ts';
import { pruneRuns } from './prune-runs.ts';
import { removeOrphans } from './remove-orphans.ts';
import { removeWorkDirectories } from './remove-work-directories.ts';

/**
 * Removes what nobody needs any more: runs, their parts, sequence runs, missed schedules and deliveries of webhooks that
 * are older than their workspace keeps them, files that no run or sync points at, work directories of workers that are
 * gone, trigger keys older than a day, tables of planners, access that no connection uses. May be killed at any moment and
 * repeated.
 */
export async function sweep(ctx: ServiceContext, signal: AbortSignal): Promise<void> {
  const runs = await pruneRuns(ctx, signal);
  const files = await removeOrphans(ctx, signal);
  const directories = await removeWorkDirectories(ctx, signal);
  const triggerKeys = (await pruneTriggerKeys(ctx.db)) + (await pruneSequenceTriggerKeys(ctx.db));
  const sequenceRuns = await pruneSequenceRuns(ctx.db);
  const missedSchedules = await pruneMissedSchedules(ctx.db);
  const dryRuns = await pruneDryRuns(ctx);
  const deliveries = await pruneDeliveries(ctx.db);
  const grants = await pruneGrants(ctx.db);
  const planners = await tidyPlanners(ctx, signal);
  const counts = {
    runs,
    files,
    directories,
    triggerKeys,
    sequenceRuns,
    missedSchedules,
    dryRuns,
    deliveries,
    planners,
    grants,
  };
  ctx.log.info(counts, 'retention swept');
}
