import type { Actor } from '@sluice/domain/actor';
import type { DestinationView, UpdateDestination } from '@sluice/domain/connection';
import type { z } from 'zod';
import { updateConnection } from '../connection/update-connection.ts';
import type { ServiceContext } from '../context.ts';
import { destinationKind } from './destination-kind.ts';
import { getDestination } from './get-destination.ts';

/**
 * Changes a destination's name or configuration. When it then leads to another system, the next run of its syncs sends
 * all rows, unless it is known to be the `samePlace`, which `rollout: 'from_now'` says. Throws `not_found`, `input_invalid`, `conflict`.
 */
export async function updateDestination(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof UpdateDestination>,
  options: { samePlace?: boolean } = {},
): Promise<DestinationView> {
  const { rollout, ...change } = input;
  const samePlace = options.samePlace ?? rollout === 'from_now';
  await updateConnection(ctx, actor, destinationKind, change, { samePlace });
  return getDestination(ctx, actor, input);
}
