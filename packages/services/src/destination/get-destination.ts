import { type Actor, authorise } from '@sluice/domain/actor';
import type { DestinationView } from '@sluice/domain/connection';
import { SluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '../context.ts';
import { destinationInclude, destinationView } from './destination-view.ts';

/** One destination; throws `not_found`. */
export async function getDestination(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: number },
): Promise<DestinationView> {
  authorise(actor, 'destination.read');
  const row = await ctx.db.destination.findFirst({
    where: { workspaceId: actor.workspaceId, id: input.id },
    include: destinationInclude,
  });
  if (!row) throw new SluiceError('not_found', `There is no destination ${input.id} in this workspace.`);
  return destinationView(row);
}
