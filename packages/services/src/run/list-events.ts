import { type Actor, authorise } from '@sluice/domain/actor';
import type { RunEvent } from '@sluice/domain/run';
import type { ServiceContext } from '../context.ts';
import { getRun } from './get-run.ts';

const limitDefault = 500;
const limitMax = 1_000;

/** Log lines of a run, oldest first, after the one named. Throws `not_found`. */
export async function listEvents(
  ctx: ServiceContext,
  actor: Actor,
  input: { runId: number; after?: number | undefined; limit?: number | undefined },
): Promise<RunEvent[]> {
  authorise(actor, 'run.read');
  await getRun(ctx, actor, { id: input.runId });
  return readEvents(ctx, actor.workspaceId, input);
}

/** The same without asking who reads: for streams that have asked once. */
export async function readEvents(
  ctx: ServiceContext,
  workspaceId: number,
  input: { runId: number; after?: number | undefined; limit?: number | undefined },
): Promise<RunEvent[]> {
  const rows = await ctx.db.runEvent.findMany({
    where: { workspaceId, runId: input.runId, id: { gt: input.after ?? 0 } },
    orderBy: { id: 'asc' },
    take: Math.min(input.limit ?? limitDefault, limitMax),
  });
  return rows.map((row) => ({
    id: Number(row.id),
    runId: row.runId,
    at: row.at,
    level: row.level as RunEvent['level'],
    stage: row.stage as RunEvent['stage'],
    message: row.message,
    details: row.details as RunEvent['details'],
  }));
}
