import { type Actor, authorise } from '@sluice/domain/actor';
import type { DestinationObjectDetail } from '@sluice/domain/connector';
import type { ServiceContext } from '../context.ts';
import { described } from './described.ts';
import { withDestination } from './with-destination.ts';

/** Fields, modes and delete behaviours of one object, as they were minutes ago at most; now with `refresh`. Throws `not_found`, `destination_object_missing`. */
export async function getObject(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: number; object: string; refresh?: boolean | undefined },
  options: { signal: AbortSignal },
): Promise<DestinationObjectDetail> {
  authorise(actor, 'destination.read');
  const { workspaceId } = actor;
  const of = { workspaceId, destinationId: input.id, question: `object ${input.object}` };
  return described(ctx, of, input.refresh === true, () =>
    withDestination(ctx, workspaceId, input.id, options.signal, (connection) =>
      connection.describeObject(input.object),
    ),
  );
}
