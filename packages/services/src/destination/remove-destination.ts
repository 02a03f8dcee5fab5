import type { Actor } from '@sluice/domain/actor';
import { removeConnection } from '../connection/remove-connection.ts';
import type { ServiceContext } from '../context.ts';
import { destinationKind } from './destination-kind.ts';

/** Removes a destination and its credentials. Throws `not_found`, and `in_use` naming what depends on it. */
export async function removeDestination(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: number },
): Promise<void> {
  await removeConnection(ctx, actor, destinationKind, input.id);
}
