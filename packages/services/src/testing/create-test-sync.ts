import { toJson } from '@sluice/db/json';
import { SyncConfiguration, type SyncConfigurationInput } from '@sluice/domain/sync';
import type { ServiceContext } from '../context.ts';

let number = 0;

/**
 * A sync straight in the database, with a source, a model and a destination that nobody connects to: for tests of
 * what happens around a run. Answers its id.
 */
export async function createTestSync(
  ctx: ServiceContext,
  workspaceId: number,
  options: { configuration?: SyncConfigurationInput; primaryKey?: string } = {},
): Promise<{ id: number; modelId: number }> {
  number += 1;
  const slug = `sync-${number}`;
  const connection = { workspaceId, name: slug, slug, configuration: {} };
  const source = await ctx.db.source.create({ data: { ...connection, type: 'postgresql' } });
  const destination = await ctx.db.destination.create({ data: { ...connection, type: 'http-request' } });
  const model = await ctx.db.model.create({
    data: {
      workspaceId,
      sourceId: source.id,
      name: slug,
      slug,
      query: { queryType: 'raw_sql', sql: 'select 1 as id' },
      primaryKey: options.primaryKey ?? 'id',
    },
  });
  const configuration = SyncConfiguration.parse(
    options.configuration ?? { object: 'request', mode: 'trigger' },
  );
  const sync = await ctx.db.sync.create({
    data: {
      workspaceId,
      modelId: model.id,
      destinationId: destination.id,
      slug,
      configuration: toJson(configuration),
      referencedColumns: ['id'],
    },
  });
  return { id: sync.id, modelId: model.id };
}
