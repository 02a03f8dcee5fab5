import { type Actor, authorise } from '@sluice/domain/actor';
import type { Page } from '@sluice/domain/page';
import type { RunRow } from '@sluice/domain/run';
import type { RunStatus } from '@sluice/domain/run-status';
import { readPlanRows } from '@sluice/engine/plan-reader';
import type { ServiceContext } from '../context.ts';
import { syncNotFound, syncScope } from '../sync/sync-scope.ts';
import { integerCursor } from './integer-cursor.ts';
import { loadPlan, type PlannedRun } from './load-plan.ts';
import { rowOutcomes } from './row-outcomes.ts';

/** What one run did with a row. */
export interface RowInRun extends Omit<RunRow, 'seq' | 'key'> {
  readonly runId: number;
  readonly status: RunStatus;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** A page looks into this many runs, or for this long; it may then be short or empty and still have a next one. */
const looksMax = 50;
const looksMs = 1_000;

/**
 * What the runs of a sync did with the row of this primary key, newest run first: runs in which it did not change are
 * left out, and so are runs whose plan is no longer kept. Throws `not_found`.
 */
export async function listRowHistory(
  ctx: ServiceContext,
  actor: Actor,
  input: { syncId: number; key: string; cursor?: string | undefined; limit: number },
): Promise<Page<RowInRun>> {
  authorise(actor, 'run.rows');
  const { syncId, key, limit } = input;
  const { workspaceId } = actor;
  const sync = await ctx.db.sync.findFirst({
    where: { AND: [{ workspaceId, id: syncId }, syncScope(actor)] },
    select: { id: true },
  });
  if (!sync) throw syncNotFound(syncId);
  const before = integerCursor(input.cursor) ?? 2_147_483_647;
  const runs = await ctx.db.$queryRaw<Pick<RowInRun, 'runId' | 'createdAt' | 'finishedAt'>[]>`
    select id as "runId", created_at as "createdAt", finished_at as "finishedAt" from runs
    where sync_id = ${syncId} and workspace_id = ${workspaceId} and id < ${before}
      and pruned_at is null and (plan->>'size')::bigint > 0
    order by id desc limit ${looksMax}`;
  const until = performance.now() + looksMs;
  const items: RowInRun[] = [];
  for (const [index, run] of runs.entries()) {
    const planned = await loadPlan(ctx, actor, run.runId);
    const row = await findRow(ctx, planned, key);
    if (row) {
      const { class: name, outcome, code, message } = row;
      items.push({ ...run, status: planned.status, class: name, outcome, code, message });
    }
    const last = index === runs.length - 1 && runs.length < looksMax;
    if (!last && (items.length === limit || performance.now() > until))
      return { items, nextCursor: String(run.runId) };
  }
  const end = runs.at(-1);
  return { items, nextCursor: end && runs.length === looksMax ? String(end.runId) : null };
}

async function findRow(ctx: ServiceContext, run: PlannedRun, key: string): Promise<RunRow | null> {
  if (!run.plan) return null;
  const file = await ctx.blobs.read(run.plan.blobKey);
  try {
    const changes = await readPlanRows(file.path, { afterSeq: 0, limit: 1, key });
    return (await rowOutcomes(ctx, run, changes))[0] ?? null;
  } finally {
    await file.release();
  }
}
