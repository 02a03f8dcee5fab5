import { type Actor, authorise } from '@sluice/domain/actor';
import type { DestinationView } from '@sluice/domain/connection';
import type { ServiceContext } from '../context.ts';
import { destinationInclude, destinationView } from './destination-view.ts';

/** Every destination of the workspace, by name. */
export async function listDestinations(ctx: ServiceContext, actor: Actor): Promise<DestinationView[]> {
  authorise(actor, 'destination.read');
  const rows = await ctx.db.destination.findMany({
    where: { workspaceId: actor.workspaceId },
    include: destinationInclude,
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
  return rows.map(destinationView);
}
