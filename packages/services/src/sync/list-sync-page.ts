import { type Actor, authorise } from '@sluice/domain/actor';
import type { SyncView } from '@sluice/domain/sync';
import type { ServiceContext } from '../context.ts';
import { pageOfRows, pageQuery, type ResourcePage, type ResourcePageInput } from '../list/resource-page.ts';
import { syncScope } from './sync-scope.ts';
import { syncInclude, syncView } from './sync-view.ts';

/** A sync in a list: its newest run is not loaded, its status and time are. */
export type ListedSync = Omit<SyncView, 'lastRun'>;

type Input = Omit<ResourcePageInput, 'name'> & {
  readonly modelId?: number | undefined;
  /** Bounds on when the sync was triggered last. */
  readonly after?: Date | undefined;
  readonly before?: Date | undefined;
};

/** A part of the syncs that the actor may see. They have no name of their own: `name` orders by slug. */
export async function listSyncPage(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  { modelId, after, before, ...input }: Input,
): Promise<ResourcePage<ListedSync>> {
  authorise(actor, 'sync.read');
  const orderBy = input.orderBy === 'name' ? 'slug' : input.orderBy;
  const { filters, window } = pageQuery({ ...input, orderBy });
  const rows = await ctx.db.sync.findMany({
    where: {
      AND: [
        { workspaceId: actor.workspaceId, ...filters },
        syncScope(actor),
        modelId === undefined ? {} : { modelId },
        after ? { lastRunAt: { gt: after } } : {},
        before ? { lastRunAt: { lt: before } } : {},
      ],
    },
    include: syncInclude,
    ...window,
  });
  return pageOfRows(rows, input.limit, (row) => {
    const { lastRun: _, ...listed } = syncView(row, null);
    return listed;
  });
}
