import type { ChangeClass } from '@sluice/domain/change';
import { activeStatuses } from '@sluice/domain/run-status';
import type { ServiceContext } from '../context.ts';
import type { ChunkHold } from './run-fence.ts';

/** A chunk that this worker owns until its lease runs out or somebody raises the epoch. */
export interface ClaimedChunkRow extends ChunkHold {
  readonly class: ChangeClass;
  readonly seqFrom: number;
  readonly seqTo: number;
  /** Claims since the last progress, this one included. */
  readonly claims: number;
}

/**
 * Takes the next chunk of a run, of the first class that is not settled: one that nobody has, or whose owner is gone and
 * nothing that it sent can still arrive. `null` when there is none, or the run stops.
 */
export async function claimChunk(
  ctx: ServiceContext,
  runId: number,
  owner: string,
): Promise<ClaimedChunkRow | null> {
  const { leaseMs, requestMs } = ctx.settings;
  const [row] = await ctx.db.$queryRaw<ClaimedChunkRow[]>`
    with next as (
      select chunk.run_id, chunk.number from run_chunks chunk join runs on runs.id = chunk.run_id
      where chunk.run_id = ${runId} and chunk.state in ('open', 'claimed')
        and (chunk.lease_until is null
          or chunk.lease_until < now() - ${requestMs}::float8 * interval '1 millisecond')
        and runs.status = any(${[...activeStatuses]}) and runs.cancel_requested_at is null
        and not exists (select 1 from run_chunks failed where failed.run_id = chunk.run_id and failed.error is not null)
        and chunk.class = (
          select class from run_chunks earlier where earlier.run_id = chunk.run_id and earlier.state <> 'settled'
          order by number limit 1)
      order by chunk.number limit 1
      for no key update of chunk skip locked
    )
    update run_chunks set state = 'claimed', epoch = epoch + 1, claims = claims + 1, owner = ${owner},
      lease_until = now() + ${leaseMs}::float8 * interval '1 millisecond'
    from next where run_chunks.run_id = next.run_id and run_chunks.number = next.number
    returning run_chunks.run_id as id, run_chunks.number as chunk, epoch, class, seq_from as "seqFrom",
      seq_to as "seqTo", claims`;
  return row ?? null;
}

export interface HelpableRun {
  readonly id: number;
  readonly workspaceId: number;
  readonly syncId: number;
}

/** Up to `limit` runs with a chunk that can be taken, besides those named. Workspaces take turns. */
export async function findHelpableRuns(
  ctx: ServiceContext,
  besides: readonly number[],
  limit: number,
): Promise<HelpableRun[]> {
  const { requestMs } = ctx.settings;
  return ctx.db.$queryRaw<HelpableRun[]>`
    with helpable as (
      select distinct runs.id, runs.workspace_id, runs.sync_id
      from run_chunks chunk join runs on runs.id = chunk.run_id
      where chunk.state in ('open', 'claimed') and chunk.run_id <> all(${[...besides]}::int[])
        and (chunk.lease_until is null
          or chunk.lease_until < now() - ${requestMs}::float8 * interval '1 millisecond')
        and runs.status = any(${[...activeStatuses]}) and runs.cancel_requested_at is null
        and chunk.class = (
          select class from run_chunks earlier where earlier.run_id = chunk.run_id and earlier.state <> 'settled'
          order by number limit 1)
    ), turn as (
      select *, row_number() over (partition by workspace_id order by id) as place from helpable
    )
    select id, workspace_id as "workspaceId", sync_id as "syncId" from turn order by place, id limit ${limit}::int`;
}
