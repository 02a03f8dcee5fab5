import type { Actor } from '@sluice/domain/actor';
import type { SourceOutline } from '@sluice/domain/source-schema';
import type { ServiceContext } from '../context.ts';
import { readSchema } from './read-schema.ts';

/** The names of the schemas, tables and views of a source. Reads and throws as `readSchema` does. */
export async function outlineSchema(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: number; refresh?: boolean },
  options: { signal: AbortSignal },
): Promise<SourceOutline> {
  const { tables, readAt } = await readSchema(ctx, actor, input, options);
  const schemas = new Map<string, { name: string; tables: string[]; views: string[] }>();
  for (const { schema, name, kind } of tables) {
    const named = schemas.get(schema) ?? { name: schema, tables: [], views: [] };
    schemas.set(schema, named);
    named[kind === 'view' ? 'views' : 'tables'].push(name);
  }
  return { readAt, schemas: [...schemas.values()] };
}
