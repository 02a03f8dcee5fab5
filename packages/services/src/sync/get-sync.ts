import { type Actor, authorise } from '@sluice/domain/actor';
import type { SyncView } from '@sluice/domain/sync';
import type { ServiceContext } from '../context.ts';
import { listLastRuns } from './list-last-runs.ts';
import { syncNotFound, syncScope } from './sync-scope.ts';
import { type SyncRow, syncInclude, syncView } from './sync-view.ts';

/** One sync with its newest run; throws `not_found`. */
export async function getSync(ctx: ServiceContext, actor: Actor, input: { id: number }): Promise<SyncView> {
  authorise(actor, 'sync.read');
  const row = await getSyncRow(ctx, actor, input.id);
  const runs = await listLastRuns(ctx.db, actor.workspaceId, [row.id]);
  return syncView(row, runs.get(row.id) ?? null);
}

/** The stored sync, for other use cases of the same actor; throws `not_found`. */
export async function getSyncRow(ctx: ServiceContext, actor: Actor, id: number): Promise<SyncRow> {
  const row = await ctx.db.sync.findFirst({
    where: { AND: [{ workspaceId: actor.workspaceId, id }, syncScope(actor)] },
    include: syncInclude,
  });
  if (!row) throw syncNotFound(id);
  return row;
}
