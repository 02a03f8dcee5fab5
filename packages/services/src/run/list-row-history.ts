import { join } from 'node:path';
import { Prisma } from '@sluice/db/generated/client';
import { type Actor, authorise } from '@sluice/domain/actor';
import type { Page } from '@sluice/domain/page';
import type { ListRowHistory, RowInRun } from '@sluice/domain/row-history';
import { keyHash, keyProbes } from '@sluice/engine/plan/key-filter';
import { openPlanFinder, type PlanFinder } from '@sluice/engine/plan/plan-finder';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { syncNotFound, syncScope } from '../sync/sync-scope.ts';
import { integerCursor } from './integer-cursor.ts';
import { loadPlan } from './load-plan.ts';
import { rowOutcomes } from './row-outcomes.ts';

type Input = z.output<typeof ListRowHistory>;
type Candidate = Omit<RowInRun, 'seq' | 'class' | 'outcome' | 'code' | 'message'>;

/** Runs whose filters are asked in one statement. */
const windowRuns = 2_000;
/** A page takes about this long at most; it may then be short or empty and still have a next one. */
const looksMs = 1_000;
const noRunAfter = 2_147_483_647;

/**
 * What the runs of one sync or of all did with the row of this primary key, newest run first. Runs in which it did not
 * change are left out, and so are runs whose rows are no longer kept. Postgres says by a filter of each run's keys which
 * plans may hold the key; only those are opened. Throws `not_found` for a sync.
 */
export async function listRowHistory(
  ctx: ServiceContext,
  actor: Actor,
  input: Input,
): Promise<Page<RowInRun>> {
  authorise(actor, 'run.rows');
  if (input.syncId !== undefined) await assertSync(ctx, actor, input.syncId);
  const until = performance.now() + looksMs;
  const finder = await openPlanFinder(join(ctx.settings.dataDirectory, 'work'));
  const items: RowInRun[] = [];
  try {
    for (let before = integerCursor(input.cursor) ?? noRunAfter; ; ) {
      const { candidates, last } = await findCandidates(ctx, actor, input, before);
      for (const candidate of candidates) {
        const row = await findRow(ctx, actor, finder, candidate, input.key);
        if (row) items.push(row);
        if (items.length === input.limit || performance.now() > until)
          return { items, nextCursor: String(candidate.runId) };
      }
      if (last === null) return { items, nextCursor: null };
      if (performance.now() > until) return { items, nextCursor: String(last) };
      before = last;
    }
  } finally {
    finder.close();
  }
}

async function assertSync(ctx: ServiceContext, actor: Actor, syncId: number): Promise<void> {
  const found = await ctx.db.sync.count({
    where: { AND: [{ workspaceId: actor.workspaceId, id: syncId }, syncScope(actor)] },
  });
  if (found === 0) throw syncNotFound(syncId);
}

/** Runs before `before` that may have planned the key, newest first; `last`: where the next window begins. */
async function findCandidates(
  ctx: ServiceContext,
  actor: Actor,
  { key, syncId }: Input,
  before: number,
): Promise<{ candidates: Candidate[]; last: number | null }> {
  const { first, second } = keyHash(key);
  const bits = keyProbes.map(
    (probe) =>
      Prisma.sql`get_bit(key_filter, (${BigInt(first + probe * second)}::bigint % (length(key_filter) * 8))::bigint) = 1`,
  );
  const limits = syncScope(actor).id?.in;
  const scope = Prisma.join(
    [
      Prisma.sql`workspace_id = ${actor.workspaceId}`,
      Prisma.sql`id < ${before}::int`,
      ...(syncId === undefined ? [] : [Prisma.sql`sync_id = ${syncId}`]),
      ...(limits ? [Prisma.sql`sync_id = any(${limits})`] : []),
    ],
    ' and ',
  );
  const rows = await ctx.db.$queryRaw<Candidate[]>`
    select runs.id as "runId", runs.sync_id as "syncId", syncs.slug as "syncSlug", models.name as "modelName",
      destinations.name as "destinationName", runs.kind, runs.status, runs.created_at as "createdAt",
      runs.finished_at as "finishedAt"
    from (
      select * from runs where ${scope} order by id desc limit ${windowRuns}
    ) runs
    join syncs on syncs.id = runs.sync_id
    join models on models.id = syncs.model_id
    join destinations on destinations.id = syncs.destination_id
    where pruned_at is null and results_pruned_at is null and (plan ->> 'size')::bigint > 0
      and (key_filter is null or (${Prisma.join(bits, ' and ')}))
    order by runs.id desc`;
  const [end] = await ctx.db.$queryRaw<{ id: number }[]>`
    select id from runs where ${scope} order by id desc offset ${windowRuns - 1} limit 1`;
  return { candidates: rows, last: end?.id ?? null };
}

async function findRow(
  ctx: ServiceContext,
  actor: Actor,
  finder: PlanFinder,
  candidate: Candidate,
  key: string,
): Promise<RowInRun | null> {
  const run = await loadPlan(ctx, actor, candidate.runId);
  if (!run.plan) return null;
  const file = await ctx.blobs.read(run.plan.blobKey);
  try {
    const change = await finder.find(file.path, key);
    const [row] = await rowOutcomes(ctx, run, change ? [change] : []);
    if (!row) return null;
    const { seq, class: name, outcome, code, message } = row;
    return { ...candidate, seq, class: name, outcome, code, message };
  } finally {
    await file.release();
  }
}
