import { toJson } from '@sluice/db/json';
import type { Column } from '@sluice/domain/column';
import type { StoredQuery } from '@sluice/domain/query';
import type { SyncConfiguration } from '@sluice/domain/sync';
import type { ServiceContext } from '../context.ts';
import { withDestination } from '../destination/with-destination.ts';
import { describeQuery } from '../model/describe-query.ts';
import { checkConfiguration } from './check-configuration.ts';

/**
 * Checks the configuration of a sync of this workspace, and answers the columns it uses. The columns of a model that
 * was saved without reading them are read and kept now. Throws what `checkConfiguration` throws.
 */
export async function checkSync(
  ctx: ServiceContext,
  sync: {
    workspaceId: number;
    model: { id: number; sourceId: number; query: unknown; columns: unknown };
    destinationId: number;
    configuration: SyncConfiguration;
  },
  signal: AbortSignal,
): Promise<{ referencedColumns: string[] }> {
  const { workspaceId, model, destinationId, configuration } = sync;
  const columns = await columnsOf(ctx, workspaceId, model, signal);
  return withDestination(ctx, workspaceId, destinationId, signal, (connection) =>
    checkConfiguration(
      connection,
      configuration,
      columns.map(({ name }) => name),
    ),
  );
}

async function columnsOf(
  ctx: ServiceContext,
  workspaceId: number,
  model: { id: number; sourceId: number; query: unknown; columns: unknown },
  signal: AbortSignal,
): Promise<Column[]> {
  const known = model.columns as Column[];
  if (known.length > 0) return known;
  const place = { workspaceId, sourceId: model.sourceId, signal };
  const columns = await describeQuery(ctx, place, model.query as StoredQuery);
  await ctx.db.model.updateMany({
    where: { workspaceId, id: model.id, query: { equals: toJson(model.query) } },
    data: { columns: toJson(columns) },
  });
  return columns;
}
