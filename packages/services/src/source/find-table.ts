import type { Actor } from '@sluice/domain/actor';
import type { SchemaTable } from '@sluice/domain/connector';
import { SluiceError } from '@sluice/domain/error';
import type { FindTable } from '@sluice/domain/source-schema';
import type { ServiceContext } from '../context.ts';
import { readSchema } from './read-schema.ts';

/**
 * One table or view of a source, with its columns. Reads and throws as `readSchema` does, and `not_found` where there is no such
 * table.
 */
export async function findTable(
  ctx: ServiceContext,
  actor: Actor,
  { id, schema, name }: FindTable,
  options: { signal: AbortSignal },
): Promise<SchemaTable> {
  const { tables } = await readSchema(ctx, actor, { id }, options);
  const found = tables.find((table) => table.name === name && table.schema === schema);
  if (found) return found;
  throw new SluiceError('not_found', `There is no table ${schema}.${name} that the source may read.`, {
    fix: 'Read the schema again: it may have changed.',
  });
}
