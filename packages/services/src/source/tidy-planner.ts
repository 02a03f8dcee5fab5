import { getConnectionRow } from '../connection/get-connection-row.ts';
import type { ServiceContext } from '../context.ts';
import { dropPlannerTables } from './planner-tables.ts';
import { sourceKind } from './source-kind.ts';

/** Drops planner tables that nobody needs any more from a source; does nothing when it has none. May be repeated. */
export async function tidyPlanner(
  ctx: ServiceContext,
  input: { workspaceId: number; sourceId: number },
  signal: AbortSignal,
): Promise<void> {
  const { workspaceId, sourceId } = input;
  const has = await ctx.db.source.count({ where: { workspaceId, id: sourceId, plannerTables: true } });
  if (has === 0) return;
  const row = await getConnectionRow(ctx.db, sourceKind, workspaceId, sourceId);
  await dropPlannerTables(ctx, row, { all: false, signal });
}

/** The same for all sources; one that cannot be reached waits for the next time. Answers how many could be. */
export async function tidyPlanners(ctx: ServiceContext, signal: AbortSignal): Promise<number> {
  const sources = await ctx.db.source.findMany({
    where: { plannerTables: true },
    select: { id: true, workspaceId: true },
    orderBy: { id: 'asc' },
  });
  let tidied = 0;
  for (const { id, workspaceId } of sources) {
    signal.throwIfAborted();
    try {
      await tidyPlanner(ctx, { workspaceId, sourceId: id }, signal);
      tidied += 1;
    } catch (err) {
      signal.throwIfAborted();
      ctx.log.info({ err, sourceId: id, workspaceId }, 'planner tables of a source wait for the next sweep');
    }
  }
  return tidied;
}

/** Asks for it soon. The hourly sweep does it otherwise, so a queue that is away does no harm. */
export async function askToTidyPlanner(
  ctx: ServiceContext,
  input: { workspaceId: number; sourceId: number },
): Promise<void> {
  try {
    await ctx.jobs.enqueue('source.tidy', input);
  } catch (err) {
    ctx.log.warn({ err, sourceId: input.sourceId }, 'planner tables wait for the sweep');
  }
}
