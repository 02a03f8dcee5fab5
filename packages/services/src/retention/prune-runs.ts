import { Prisma } from '@sluice/db/generated/client';
import type { ServiceContext } from '../context.ts';
import { blobKinds } from './blob-owner.ts';

interface OldRun {
  readonly id: number;
  readonly workspaceId: number;
  readonly syncId: number;
}

const runsMax = 100;

/** What becomes too old by itself: what says so of a run, after how many days of its workspace, and what goes then. */
const parts = [
  {
    // Without the results of its rows a plan cannot be read any more.
    days: Prisma.sql`least(plan_days, retention_days)`,
    mark: 'prunedAt',
    column: Prisma.sql`pruned_at`,
    remove: async (ctx: ServiceContext, runs: readonly OldRun[]) => {
      for (const run of runs) await removeFiles(ctx, run);
      // Values that somebody corrected by hand, and keys that were chosen, are of rows as well.
      await ctx.db.$executeRaw`
        update runs set selection = null, specification = specification - 'selection', key_filter = null
        where id = any(${idsOf(runs)}) and (selection is not null or key_filter is not null)`;
    },
  },
  {
    days: Prisma.sql`retention_days`,
    mark: 'resultsPrunedAt',
    column: Prisma.sql`results_pruned_at`,
    remove: async (ctx: ServiceContext, runs: readonly OldRun[]) => {
      await ctx.db.runBatch.deleteMany({ where: { runId: { in: idsOf(runs) } } });
      await ctx.db.runException.deleteMany({ where: { runId: { in: idsOf(runs) } } });
    },
  },
  {
    days: Prisma.sql`log_days`,
    mark: 'logPrunedAt',
    column: Prisma.sql`log_pruned_at`,
    remove: async (ctx: ServiceContext, runs: readonly OldRun[]) => {
      await ctx.db.runEvent.deleteMany({ where: { runId: { in: idsOf(runs) } } });
    },
  },
] as const;

/**
 * Removes plans with captured requests, row results and logs of runs that ended longer ago than their workspace keeps
 * each of them, and then whole runs; the newest run of a sync stays, with its counts. Ledgers belong to the sync and
 * are not touched. Answers how many times something of a run was removed.
 */
export async function pruneRuns(ctx: ServiceContext, signal: AbortSignal): Promise<number> {
  let pruned = 0;
  for (const part of parts) {
    for (;;) {
      signal.throwIfAborted();
      const old = await ctx.db.$queryRaw<OldRun[]>`
        select runs.id, runs.workspace_id as "workspaceId", sync_id as "syncId"
        from runs join workspaces on workspaces.id = runs.workspace_id
        where runs.${part.column} is null and finished_at < now() - ${part.days} * interval '1 day'
        order by runs.id limit ${runsMax}`;
      if (old.length === 0) break;
      // First the mark: from here on screens say that it is no longer kept.
      await ctx.db.run.updateMany({
        where: { id: { in: idsOf(old) } },
        data: { [part.mark]: new Date() },
      });
      await part.remove(ctx, old);
      pruned += old.length;
    }
  }
  return pruned + (await removeRuns(ctx, signal));
}

async function removeRuns(ctx: ServiceContext, signal: AbortSignal): Promise<number> {
  for (let removed = 0; ; ) {
    signal.throwIfAborted();
    const old = await ctx.db.$queryRaw<OldRun[]>`
      select runs.id, runs.workspace_id as "workspaceId", sync_id as "syncId"
      from runs join workspaces on workspaces.id = runs.workspace_id
      where finished_at < now() - run_days * interval '1 day'
        and exists (select 1 from runs newer where newer.sync_id = runs.sync_id and newer.id > runs.id)
      order by runs.id limit ${runsMax}`;
    if (old.length === 0) return removed;
    for (const run of old) await removeFiles(ctx, run);
    await ctx.db.run.deleteMany({ where: { id: { in: idsOf(old) } } });
    removed += old.length;
  }
}

const idsOf = (runs: readonly OldRun[]): number[] => runs.map(({ id }) => id);

/** Plans and captures; ledgers belong to the sync. Files that a kill leaves behind are found as orphans. */
async function removeFiles(ctx: ServiceContext, run: OldRun): Promise<void> {
  for (const kind of blobKinds.filter((name) => name !== 'ledgers')) {
    for await (const key of ctx.blobs.list(`${kind}/${run.workspaceId}/${run.syncId}/${run.id}-`)) {
      await ctx.blobs.remove(key);
    }
  }
}
