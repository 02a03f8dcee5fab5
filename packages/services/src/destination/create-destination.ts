import type { Actor } from '@sluice/domain/actor';
import type { CreateConnection, DestinationView } from '@sluice/domain/connection';
import type { z } from 'zod';
import { createConnection } from '../connection/create-connection.ts';
import type { ServiceContext } from '../context.ts';
import { destinationKind } from './destination-kind.ts';
import { getDestination } from './get-destination.ts';

/** Connects a destination. Throws `input_invalid` with the field's path, `slug_taken`. */
export async function createDestination(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof CreateConnection>,
): Promise<DestinationView> {
  const id = await createConnection(ctx, actor, destinationKind, input);
  return getDestination(ctx, actor, { id });
}
