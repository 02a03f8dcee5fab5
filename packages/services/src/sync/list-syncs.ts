import { type Actor, authorise } from '@sluice/domain/actor';
import type { SyncView } from '@sluice/domain/sync';
import type { ServiceContext } from '../context.ts';
import { listLastRuns } from './list-last-runs.ts';
import { syncScope } from './sync-scope.ts';
import { syncInclude, syncView } from './sync-view.ts';

/** Every sync that the actor may see, by slug. */
export async function listSyncs(ctx: ServiceContext, actor: Actor): Promise<SyncView[]> {
  authorise(actor, 'sync.read');
  const { workspaceId } = actor;
  const rows = await ctx.db.sync.findMany({
    where: { workspaceId, ...syncScope(actor) },
    include: syncInclude,
    orderBy: { slug: 'asc' },
  });
  const runs = await listLastRuns(
    ctx.db,
    workspaceId,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => syncView(row, runs.get(row.id) ?? null));
}
