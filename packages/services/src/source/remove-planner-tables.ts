import { type Actor, authorise } from '@sluice/domain/actor';
import { audit } from '../audit/record-audit.ts';
import { getConnectionRow } from '../connection/get-connection-row.ts';
import type { ServiceContext } from '../context.ts';
import { dropPlannerTables } from './planner-tables.ts';
import { sourceKind } from './source-kind.ts';

/**
 * Drops the planner's tables of all syncs of a source, now. Nothing is lost: the next runs read every row once, and write
 * them again if the source still plans by itself. Answers how many syncs had tables. Throws `not_found` and what
 * the source throws.
 */
export async function removePlannerTables(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: number },
  options: { signal: AbortSignal },
): Promise<{ removed: number }> {
  authorise(actor, 'source.write');
  const row = await getConnectionRow(ctx.db, sourceKind, actor.workspaceId, input.id);
  await ctx.limits.take('preview', actor.workspaceId);
  const removed = await dropPlannerTables(ctx, row, { all: true, ...options });
  await ctx.db.$transaction((tx) =>
    audit(tx, actor, {
      action: 'source.remove_planner_tables',
      subjectType: 'source',
      subjectId: row.id,
      subjectName: row.name,
    }),
  );
  return { removed };
}
