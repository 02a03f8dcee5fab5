import type { ServiceContext } from '../context.ts';
import { blobKinds } from './blob-owner.ts';

const runsMax = 100;

/**
 * Removes plan, captured requests, batches, exceptions and log of runs that ended longer ago than their workspace
 * keeps them. The newest run of a sync keeps everything; the run itself and its counts stay. Answers the number of runs.
 */
export async function pruneRuns(ctx: ServiceContext, signal: AbortSignal): Promise<number> {
  for (let pruned = 0; ; ) {
    signal.throwIfAborted();
    const old = await ctx.db.$queryRaw<{ id: number; workspaceId: number; syncId: number }[]>`
      select runs.id, runs.workspace_id as "workspaceId", sync_id as "syncId"
      from runs join workspaces on workspaces.id = runs.workspace_id
      where pruned_at is null and finished_at < now() - retention_days * interval '1 day'
        and exists (select 1 from runs newer where newer.sync_id = runs.sync_id and newer.id > runs.id)
      order by runs.id limit ${runsMax}`;
    if (old.length === 0) return pruned;
    // First the mark: from here on screens say that the rows are no longer kept.
    const ids = old.map(({ id }) => id);
    await ctx.db.run.updateMany({ where: { id: { in: ids } }, data: { prunedAt: new Date() } });
    await ctx.db.runBatch.deleteMany({ where: { runId: { in: ids } } });
    await ctx.db.runException.deleteMany({ where: { runId: { in: ids } } });
    await ctx.db.runEvent.deleteMany({ where: { runId: { in: ids } } });
    for (const run of old) await removeFiles(ctx, run);
    pruned += old.length;
  }
}

/** Plans and captures; ledgers belong to the sync. Files that a kill leaves behind are found as orphans. */
async function removeFiles(
  ctx: ServiceContext,
  run: { id: number; workspaceId: number; syncId: number },
): Promise<void> {
  for (const kind of blobKinds.filter((name) => name !== 'ledgers')) {
    for await (const key of ctx.blobs.list(`${kind}/${run.workspaceId}/${run.syncId}/${run.id}-`)) {
      await ctx.blobs.remove(key);
    }
  }
}
