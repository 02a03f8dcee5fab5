import type { ServiceContext } from '../context.ts';
import { pruneSequenceTriggerKeys } from '../sequence/sequence-trigger-key.ts';
import { pruneTriggerKeys } from '../sync/trigger-key.ts';
import { pruneDeliveries } from '../webhook/prune-deliveries.ts';
import { pruneRuns } from './prune-runs.ts';
import { removeOrphans } from './remove-orphans.ts';
import { removeWorkDirectories } from './remove-work-directories.ts';

/**
 * Removes what nobody needs any more: details of runs older than the retention of their workspace, files that no run
 * or sync points at, work directories of workers that are gone, trigger keys older than a day, old
 * deliveries of webhooks. May be killed at any moment and repeated.
 */
export async function sweep(ctx: ServiceContext, signal: AbortSignal): Promise<void> {
  const runs = await pruneRuns(ctx, signal);
  const files = await removeOrphans(ctx, signal);
  const directories = await removeWorkDirectories(ctx, signal);
  const triggerKeys = (await pruneTriggerKeys(ctx.db)) + (await pruneSequenceTriggerKeys(ctx.db));
  const deliveries = await pruneDeliveries(ctx.db);
  ctx.log.info({ runs, files, directories, triggerKeys, deliveries }, 'retention swept');
}
