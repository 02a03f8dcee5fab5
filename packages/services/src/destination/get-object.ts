import { type Actor, authorise } from '@sluice/domain/actor';
import type { DestinationObjectDetail } from '@sluice/domain/connector';
import type { ServiceContext } from '../context.ts';
import { withDestination } from './with-destination.ts';

/** Fields, modes and delete behaviours of one object. Throws `not_found`, `destination_object_missing`. */
export async function getObject(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: number; object: string },
  options: { signal: AbortSignal },
): Promise<DestinationObjectDetail> {
  authorise(actor, 'destination.read');
  const { workspaceId } = actor;
  return withDestination(ctx, workspaceId, input.id, options.signal, (connection) =>
    connection.describeObject(input.object),
  );
}
