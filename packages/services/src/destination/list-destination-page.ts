import { type Actor, authorise } from '@sluice/domain/actor';
import type { DestinationView } from '@sluice/domain/connection';
import type { ServiceContext } from '../context.ts';
import { pageOfRows, pageQuery, type ResourcePage, type ResourcePageInput } from '../list/resource-page.ts';
import { destinationInclude, destinationView } from './destination-view.ts';

/** A part of the workspace's destinations, in the order asked for. */
export async function listDestinationPage(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: ResourcePageInput,
): Promise<ResourcePage<DestinationView>> {
  authorise(actor, 'destination.read');
  const { filters, window } = pageQuery(input);
  const rows = await ctx.db.destination.findMany({
    where: { workspaceId: actor.workspaceId, ...filters },
    include: destinationInclude,
    ...window,
  });
  return pageOfRows(rows, input.limit, destinationView);
}
