import { type Actor, authorise } from '@sluice/domain/actor';
import type { DestinationObject } from '@sluice/domain/connector';
import type { ServiceContext } from '../context.ts';
import { withDestination } from './with-destination.ts';

/** What can be written to at the destination, as it is now. Throws `not_found` and what the destination throws. */
export async function listObjects(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: number },
  options: { signal: AbortSignal },
): Promise<DestinationObject[]> {
  authorise(actor, 'destination.read');
  const { workspaceId } = actor;
  return withDestination(ctx, workspaceId, input.id, options.signal, (connection) =>
    connection.listObjects(),
  );
}
