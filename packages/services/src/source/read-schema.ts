import { type Actor, authorise } from '@sluice/domain/actor';
import type { SchemaTable } from '@sluice/domain/connector';
import { getConnectionRow } from '../connection/get-connection-row.ts';
import type { ServiceContext } from '../context.ts';
import { querySource } from './query-source.ts';
import { sourceKind } from './source-kind.ts';

/** The tables of a source, and when they were read. */
export interface SourceSchema {
  tables: SchemaTable[];
  readAt: Date;
}

/**
 * Tables and views that the source's user may read. Kept for ten minutes in this process, until the source changes
 * or `refresh` asks anew. Throws `not_found` and what the source throws.
 */
export async function readSchema(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: number; refresh?: boolean },
  options: { signal: AbortSignal },
): Promise<SourceSchema> {
  authorise(actor, 'source.read');
  const { workspaceId } = actor;
  const { updatedAt } = await getConnectionRow(ctx.db, sourceKind, workspaceId, input.id);
  const cache = cacheOf(ctx);
  const key = `${workspaceId}/${input.id}/${updatedAt.getTime()}`;
  const known = cache.get(key);
  if (known && !input.refresh && Date.now() - known.readAt.getTime() < keptMs) return known;

  await ctx.limits.take('preview', workspaceId);
  const tables = await querySource(ctx, { workspaceId, sourceId: input.id, ...options }, (connection) =>
    connection.introspect(),
  );
  const schema = { tables, readAt: new Date() };
  cache.delete(key);
  cache.set(key, schema);
  for (const oldest of cache.keys()) {
    if (cache.size <= schemasMax) break;
    cache.delete(oldest);
  }
  return schema;
}

const keptMs = 10 * 60_000;
/** A schema of 10,000 tables takes some 10 MB. */
const schemasMax = 20;

const caches = new WeakMap<ServiceContext, Map<string, SourceSchema>>();

function cacheOf(ctx: ServiceContext): Map<string, SourceSchema> {
  const cache = caches.get(ctx) ?? new Map<string, SourceSchema>();
  caches.set(ctx, cache);
  return cache;
}
