import { plansInSource } from '@sluice/connectors/kit/planner-field';
import type { Configuration } from '@sluice/connectors/kit/source';
import { connectContext } from '../connection/connect-context.ts';
import type { ConnectionRow } from '../connection/connection-kind.ts';
import { openConfiguration } from '../connection/open-configuration.ts';
import type { ServiceContext } from '../context.ts';
import { getSourceDefinition } from './get-source-definition.ts';
import { sourceKind } from './source-kind.ts';

/**
 * Drops tables of the planner in a source: those of syncs that are gone, and with `all` (or where the source no longer
 * plans by itself) of all syncs of this source. Tables of syncs of another source, which may lead to the same
 * database, stay. Answers how many syncs had some. Throws what the source throws.
 */
export async function dropPlannerTables(
  ctx: ServiceContext,
  row: ConnectionRow,
  options: { readonly all: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const configuration = await openConfiguration(ctx, sourceKind, row);
  const planning = plansInSource(configuration);
  const connection = getSourceDefinition(row.type).open(
    { ...configuration, planner: 'warehouse' } satisfies Configuration,
    connectContext(ctx, row.workspaceId, {
      signal: options.signal,
      label: `sluice planner of source ${row.id}`,
    }),
  );
  try {
    const { planner } = connection;
    if (!planner) return 0;
    const found = await planner.list();
    const syncs = await ctx.db.sync.findMany({
      where: { id: { in: found } },
      select: { id: true, model: { select: { sourceId: true } } },
    });
    const sourceOf = new Map(syncs.map(({ id, model }) => [id, model.sourceId]));
    const doomed = found.filter((id) => {
      const sourceId = sourceOf.get(id);
      return sourceId === undefined || (sourceId === row.id && (options.all || !planning));
    });
    if (doomed.length > 0 || !planning) await planner.drop(doomed);
    const mine = found.some((id) => sourceOf.get(id) === row.id && !doomed.includes(id));
    if (!planning && !mine) {
      const { id, workspaceId, updatedAt } = row;
      await ctx.db.source.updateMany({
        where: { workspaceId, id, updatedAt },
        data: { plannerTables: false, updatedAt },
      });
    }
    return doomed.length;
  } finally {
    await connection.close();
  }
}
