import type { Actor } from '@sluice/domain/actor';
import type { CreateConnection, SourceView } from '@sluice/domain/connection';
import type { z } from 'zod';
import { createConnection } from '../connection/create-connection.ts';
import type { ServiceContext } from '../context.ts';
import { getSource } from './get-source.ts';
import { sourceKind } from './source-kind.ts';

/** Connects a source. Throws `input_invalid` with the field's path, `slug_taken`. */
export async function createSource(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof CreateConnection>,
): Promise<SourceView> {
  const id = await createConnection(ctx, actor, sourceKind, input);
  return getSource(ctx, actor, { id });
}
