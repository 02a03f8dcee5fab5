import type { Actor } from '@sluice/domain/actor';
import type { CheckConnection } from '@sluice/domain/connection';
import type { CheckResult } from '@sluice/domain/connector';
import type { z } from 'zod';
import { checkConnection } from '../connection/check-connection.ts';
import type { ServiceContext } from '../context.ts';
import { getSourceDefinition } from './get-source-definition.ts';
import { sourceKind } from './source-kind.ts';

/** "Test connection" of a source, saved or being written. A failed check is a result; see `checkConnection`. */
export async function checkSource(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof CheckConnection>,
  options: { signal: AbortSignal },
): Promise<CheckResult[]> {
  const open = (...[type, configuration, context]: Parameters<Parameters<typeof checkConnection>[4]>) =>
    getSourceDefinition(type).open(configuration, context);
  return checkConnection(ctx, actor, sourceKind, input, open, options.signal);
}
