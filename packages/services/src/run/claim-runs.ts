import { Prisma } from '@sluice/db/generated/client';
import type { StageTiming } from '@sluice/domain/run';
import { activeStatuses } from '@sluice/domain/run-status';
import type { ServiceContext } from '../context.ts';
import { queueDeliveries } from '../webhook/queue-deliveries.ts';
import { stagesOf } from './run-view.ts';

/** A run that this worker owns until its lease runs out or somebody raises the epoch. */
export interface ClaimedRun {
  readonly id: number;
  readonly workspaceId: number;
  readonly syncId: number;
  readonly epoch: number;
  /** Claims since the last progress, this one included. */
  readonly claims: number;
  readonly stages: StageTiming[];
}

export interface ClaimLimits {
  /** Name of the worker: host, process and a random part. */
  readonly owner: string;
  /** How many runs to take at most. */
  readonly slots: number;
  /** Runs of one workspace at once, over all workers. */
  readonly perWorkspaceMax: number;
}

/** Key of the advisory lock under which runs are chosen, so that the limit per workspace holds over all workers. */
const claimLock = 711_001;

/**
 * Takes queued runs, and runs whose owner is gone: its lease ended longer ago than a request can take, so that nothing
 * it sent can still arrive. Workspaces take turns. Raises the epoch, which fences the owner before.
 */
export async function claimRuns(ctx: ServiceContext, limits: ClaimLimits): Promise<ClaimedRun[]> {
  if (limits.slots < 1) return [];
  const { leaseMs, requestMs } = ctx.settings;
  const active = [...activeStatuses];
  const rows = await ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`select pg_advisory_xact_lock(${claimLock}::bigint)::text`;
    return tx.$queryRaw<ClaimRow[]>`
      with load as (
        select workspace_id, count(*) as runs from runs
        where status = any(${active}) and lease_until > now() group by workspace_id
      ), free as (
        select id, workspace_id, 0 as late from runs
        where status = any(${active})
          and (lease_until is null or lease_until < now() - ${requestMs}::float8 * interval '1 millisecond')
        union all
        select id, workspace_id, 1 from runs queued
        where status = 'queued' and not exists (
          select 1 from runs other where other.sync_id = queued.sync_id and other.status = any(${active}))
      ), turn as (
        select free.id, late,
          coalesce(load.runs, 0) + row_number() over (partition by free.workspace_id order by late, free.id) as place
        from free left join load using (workspace_id)
      ), chosen as (
        select runs.id from runs join turn using (id)
        where place <= ${limits.perWorkspaceMax}::int
        order by late, place, id limit ${limits.slots}::int
        for no key update of runs skip locked
      ), claimed as (
      update runs set
        epoch = epoch + 1,
        claims = claims + 1,
        owner = ${limits.owner},
        lease_until = now() + ${leaseMs}::float8 * interval '1 millisecond',
        status = case when status = 'queued' then 'querying' else status end,
        started_at = coalesce(started_at, now())
      from chosen where runs.id = chosen.id
      returning runs.*
      ), first_claimed as (select * from claimed where epoch = 1
      ), told as (${queueDeliveries(Prisma.sql`first_claimed`)})
      select id, workspace_id as "workspaceId", sync_id as "syncId", epoch, claims, stages,
        created_at as "createdAt" from claimed`;
  });
  return rows.map(({ stages, createdAt, ...run }) => ({
    ...run,
    stages: Array.isArray(stages) && stages.length > 0 ? stagesOf(stages) : [queuedStage(createdAt)],
  }));
}

interface ClaimRow extends Omit<ClaimedRun, 'stages'> {
  stages: unknown;
  createdAt: Date;
}

const queuedStage = (createdAt: Date): StageTiming => ({
  stage: 'queued',
  startedAt: createdAt,
  finishedAt: new Date(),
});
