import { type Actor, authorise } from '@sluice/domain/actor';
import type { DestinationView } from '@sluice/domain/connection';
import { connectionView } from '../connection/connection-view.ts';
import type { ServiceContext } from '../context.ts';
import { pageOfRows, pageQuery, type ResourcePage, type ResourcePageInput } from '../list/resource-page.ts';
import { listSyncIds } from '../sync/list-sync-ids.ts';

/** A destination in a list: of its syncs only the ids are loaded. */
export type ListedDestination = Omit<DestinationView, 'syncs'> & {
  readonly syncs: { readonly id: number }[];
};

/** A part of the workspace's destinations, in the order asked for. */
export async function listDestinationPage(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: ResourcePageInput,
): Promise<ResourcePage<ListedDestination>> {
  authorise(actor, 'destination.read');
  const { filters, window } = pageQuery(input);
  const rows = await ctx.db.destination.findMany({
    where: { workspaceId: actor.workspaceId, ...filters },
    ...window,
  });
  const page = pageOfRows(rows, input.limit, connectionView);
  const ids = page.items.map(({ id }) => id);
  const syncs = await listSyncIds(ctx.db, actor.workspaceId, 'destination', ids);
  return { ...page, items: page.items.map((view) => ({ ...view, syncs: syncs.get(view.id) ?? [] })) };
}
