import { Prisma } from '@sluice/db/generated/client';
import type { StageTiming } from '@sluice/domain/run';
import { activeStatuses } from '@sluice/domain/run-status';
import type { ServiceContext } from '../context.ts';
import { queueDeliveries } from '../webhook/queue-deliveries.ts';
import { parked } from './renew-leases.ts';
import { stagesOf } from './run-view.ts';

/** A run that this worker owns until its lease runs out or somebody raises the epoch. */
export interface ClaimedRun {
  readonly id: number;
  readonly workspaceId: number;
  readonly syncId: number;
  readonly epoch: number;
  /** Claims since the last progress, this one included. */
  readonly claims: number;
  /** Somebody wants it to stop. */
  readonly cancelRequested: boolean;
  readonly stages: StageTiming[];
}

export interface ClaimLimits {
  /** Name of the worker: host, process and a random part. */
  readonly owner: string;
  /** How many runs to take at most. */
  readonly slots: number;
  /** Runs of one workspace at once, over all workers. */
  readonly perWorkspaceMax: number;
  /** Runs to one destination at once, over all workers; as many as of its workspace if left out. */
  readonly perDestinationMax?: number | undefined;
}

/** Written out, so that the index of open runs is used whatever the plan of a prepared statement. */
const openStatuses = Prisma.raw(['queued', ...activeStatuses].map((status) => `'${status}'`).join(', '));

/** Key of the advisory lock under which runs are chosen, so that the limit per workspace holds over all workers. */
const claimLock = 711_001;

/**
 * Takes queued runs, and runs whose owner is gone: its lease ended longer ago than a request can take, so that nothing
 * it sent can still arrive. Workspaces take turns: one with fewer runs at work comes first. Raises the epoch, which
 * fences the owner before.
 */
export async function claimRuns(ctx: ServiceContext, limits: ClaimLimits): Promise<ClaimedRun[]> {
  if (limits.slots < 1) return [];
  const rows = await ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`select pg_advisory_xact_lock(${claimLock}::bigint)::text`;
    return tx.$queryRaw<ClaimRow[]>(claimStatement(ctx.settings, limits));
  });
  return rows.map(({ stages, createdAt, ...run }) => ({
    ...run,
    stages: Array.isArray(stages) && stages.length > 0 ? stagesOf(stages) : [queuedStage(createdAt)],
  }));
}

/** The statement of `claimRuns`; it reads open runs alone, however many have ended. */
export function claimStatement(
  { leaseMs, requestMs }: Pick<ServiceContext['settings'], 'leaseMs' | 'requestMs'>,
  limits: ClaimLimits,
): Prisma.Sql {
  return Prisma.sql`
      with open as materialized (
        select runs.id, runs.workspace_id, runs.sync_id, syncs.destination_id, runs.status, runs.lease_until,
        runs.owner is not distinct from ${parked} as parked, runs.cancel_requested_at is not null as cancelled
        from runs join syncs on syncs.id = runs.sync_id where runs.status in (${openStatuses})
      ), workspace_load as (
        select workspace_id, count(*) as runs from open
        where status <> 'queued' and lease_until > now() and not parked group by workspace_id
      ), destination_load as (
        select destination_id, count(*) as runs from open
        where status <> 'queued' and lease_until > now() and not parked group by destination_id
      ), free as (
        select id, workspace_id, destination_id, 0 as late from open
        where status <> 'queued'
          and (lease_until is null or lease_until < now() - ${requestMs}::float8 * interval '1 millisecond'
            or parked and (cancelled or lease_until < now()))
        union all
        select id, workspace_id, destination_id, 1
        from (select distinct on (sync_id) * from open where status = 'queued' order by sync_id, id) as first
        where not exists (select 1 from open other where other.sync_id = first.sync_id and other.status <> 'queued')
      ), turn as (
        select free.id, late,
          coalesce(workspace_load.runs, 0)
            + row_number() over (partition by free.workspace_id order by late, free.id) as place,
          coalesce(destination_load.runs, 0)
            + row_number() over (partition by free.destination_id order by late, free.id) as destination_place
        from free left join workspace_load using (workspace_id) left join destination_load using (destination_id)
      ), chosen as (
        select runs.id from runs join turn using (id)
        where place <= ${limits.perWorkspaceMax}::int
          and destination_place <= ${limits.perDestinationMax ?? limits.perWorkspaceMax}::int
          and runs.status in (${openStatuses})
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
        cancel_requested_at is not null as "cancelRequested", created_at as "createdAt" from claimed`;
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
