import { type Actor, authorise } from '@sluice/domain/actor';
import type { OverviewView } from '@sluice/domain/workspace';
import type { ServiceContext } from '../context.ts';
import { listAttention } from './list-attention.ts';

const days = 14;

/**
 * What the start page shows: steps that people took themselves (what set-up made for them does not count), the last 14
 * days in UTC, and the syncs that need attention.
 */
export async function getOverview(ctx: ServiceContext, actor: Actor): Promise<OverviewView> {
  authorise(actor, 'workspace.read');
  const { workspaceId } = actor;
  const where = { where: { workspaceId } };
  const [taken, sources, models, destinations, syncs, activity, attention] = await Promise.all([
    readSteps(ctx, workspaceId),
    ctx.db.source.count(where),
    ctx.db.model.count(where),
    ctx.db.destination.count(where),
    ctx.db.sync.count(where),
    readActivity(ctx, workspaceId),
    listAttention(ctx, workspaceId),
  ]);
  return {
    steps: steps.map(({ id, action }) => ({ id, done: taken.has(action) })),
    counts: { sources, models, destinations, syncs },
    activity,
    attention,
  };
}

const steps = [
  { id: 'source', action: 'source.create' },
  { id: 'model', action: 'model.create' },
  { id: 'destination', action: 'destination.create' },
  { id: 'sync', action: 'sync.create' },
  { id: 'run', action: 'sync.trigger' },
  { id: 'token', action: 'token.create' },
] as const;

async function readSteps(ctx: ServiceContext, workspaceId: number): Promise<Set<string>> {
  const rows = await ctx.db.auditEntry.findMany({
    where: { workspaceId, actorKind: { not: 'system' }, action: { in: steps.map(({ action }) => action) } },
    distinct: ['action'],
    select: { action: true },
  });
  return new Set(rows.map(({ action }) => action));
}

async function readActivity(ctx: ServiceContext, workspaceId: number): Promise<OverviewView['activity']> {
  return ctx.db.$queryRaw<OverviewView['activity']>`
    with day as (
      select generate_series(
        date_trunc('day', now() at time zone 'UTC') - ${days - 1}::int * interval '1 day',
        date_trunc('day', now() at time zone 'UTC'), interval '1 day') as start
    ), run as (
      select date_trunc('day', finished_at at time zone 'UTC') as start, status,
        coalesce((counts #>> '{delivered,added}')::int, 0) + coalesce((counts #>> '{delivered,changed}')::int, 0)
          + coalesce((counts #>> '{delivered,removed}')::int, 0) as delivered,
        coalesce((counts #>> '{rejected,added}')::int, 0) + coalesce((counts #>> '{rejected,changed}')::int, 0)
          + coalesce((counts #>> '{rejected,removed}')::int, 0) as rejected
      from runs where workspace_id = ${workspaceId} and finished_at >= now() - ${days}::int * interval '1 day'
    )
    select to_char(day.start, 'YYYY-MM-DD') as day, coalesce(sum(delivered), 0)::float8 as delivered,
      coalesce(sum(rejected), 0)::float8 as rejected, count(run.status)::int as runs,
      count(*) filter (where run.status in ('failed', 'interrupted'))::int as "failedRuns"
    from day left join run using (start) group by day.start order by day.start`;
}
