import { type Actor, authorise } from '@sluice/domain/actor';
import type { DestinationObject } from '@sluice/domain/connector';
import type { ServiceContext } from '../context.ts';
import { described } from './described.ts';
import { withDestination } from './with-destination.ts';

/** What can be written to at the destination, as it was minutes ago at most; now with `refresh`. Throws `not_found` and what the destination throws. */
export async function listObjects(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: number; refresh?: boolean | undefined },
  options: { signal: AbortSignal },
): Promise<DestinationObject[]> {
  authorise(actor, 'destination.read');
  const { workspaceId } = actor;
  const of = { workspaceId, destinationId: input.id, question: 'objects' };
  return described(ctx, of, input.refresh === true, () =>
    withDestination(ctx, workspaceId, input.id, options.signal, (connection) => connection.listObjects()),
  );
}
