import type { Actor } from '@sluice/domain/actor';
import type { DestinationView, UpdateConnection } from '@sluice/domain/connection';
import type { z } from 'zod';
import { updateConnection } from '../connection/update-connection.ts';
import type { ServiceContext } from '../context.ts';
import { destinationKind } from './destination-kind.ts';
import { getDestination } from './get-destination.ts';

/**
 * Changes a destination's name or configuration. When it then leads to another system, the next run of its syncs sends
 * all rows, unless it is known to be the `samePlace`. Throws `not_found`, `input_invalid`, `conflict`.
 */
export async function updateDestination(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof UpdateConnection>,
  options: { samePlace?: boolean } = {},
): Promise<DestinationView> {
  await updateConnection(ctx, actor, destinationKind, input, options);
  return getDestination(ctx, actor, input);
}
