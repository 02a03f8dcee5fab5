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
 * or `refresh` asks anew; who asks meanwhile waits for the same answer. Throws `not_found` and what the source throws.
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
  const { known, reading } = cacheOf(ctx);
  const key = `${workspaceId}/${input.id}/${updatedAt.getTime()}`;
  if (!input.refresh) {
    const kept = known.get(key);
    if (kept && Date.now() - kept.readAt.getTime() < keptMs) return kept;
    // Who began may have left, which is no reason for those who wait: they read for themselves then.
    const read = await reading.get(key)?.catch(() => null);
    if (read) return read;
  }

  await ctx.limits.take('preview', workspaceId);
  const work = querySource(ctx, { workspaceId, sourceId: input.id, ...options }, async (connection) => ({
    tables: await connection.introspect(),
    readAt: new Date(),
  }));
  reading.set(key, work);
  try {
    const schema = await work;
    known.delete(key);
    known.set(key, schema);
    for (const oldest of known.keys()) {
      if (known.size <= schemasMax) break;
      known.delete(oldest);
    }
    return schema;
  } finally {
    if (reading.get(key) === work) reading.delete(key);
  }
}

const keptMs = 10 * 60_000;
/** A schema of 10,000 tables takes some 10 MB. */
const schemasMax = 20;

interface SchemaCache {
  readonly known: Map<string, SourceSchema>;
  readonly reading: Map<string, Promise<SourceSchema>>;
}

const caches = new WeakMap<ServiceContext, SchemaCache>();

function cacheOf(ctx: ServiceContext): SchemaCache {
  const cache = caches.get(ctx) ?? { known: new Map(), reading: new Map() };
  caches.set(ctx, cache);
  return cache;
}
