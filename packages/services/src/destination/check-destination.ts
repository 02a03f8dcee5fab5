import type { Actor } from '@sluice/domain/actor';
import type { CheckConnection } from '@sluice/domain/connection';
import type { CheckResult } from '@sluice/domain/connector';
import type { z } from 'zod';
import { checkConnection } from '../connection/check-connection.ts';
import type { ServiceContext } from '../context.ts';
import { destinationKind } from './destination-kind.ts';
import { getDestinationDefinition } from './get-destination-definition.ts';

/** "Test connection" of a destination, saved or being written. A failed check is a result; see `checkConnection`. */
export async function checkDestination(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof CheckConnection>,
  options: { signal: AbortSignal },
): Promise<CheckResult[]> {
  const open = (...[type, configuration, context]: Parameters<Parameters<typeof checkConnection>[4]>) =>
    getDestinationDefinition(type).open(configuration, context);
  return checkConnection(ctx, actor, destinationKind, input, open, options.signal);
}
