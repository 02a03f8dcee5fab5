import { activeStatuses } from '@sluice/domain/run-status';
import type { ServiceContext } from '../context.ts';
import type { ChunkHold } from './run-fence.ts';

/** The chunks that a worker delivers right now, of its own runs and of those it helps. */
export interface ChunkLeases {
  /** Keeps the lease of a claimed chunk; `claimedAt` is from before the claim (monotonic). */
  hold(chunk: ChunkHold, claimedAt: number): HeldChunk;
  /** Extends all leases; aborts those that are lost, and those whose run stops. */
  renew(): Promise<void>;
}

export interface HeldChunk {
  /** Aborts with `lost`, or with `cancelled` when the run stops. */
  readonly signal: AbortSignal;
  /** Whether the lease still holds, by a clock that nobody sets: never longer than Postgres believes. */
  holds(): boolean;
  /** The chunk is not this worker's any more. */
  drop(): void;
}

interface Lease {
  readonly chunk: ChunkHold;
  readonly abort: AbortController;
  renewedAt: number;
}

export function createChunkLeases(ctx: ServiceContext): ChunkLeases {
  const leases = new Set<Lease>();
  const holds = ({ abort, renewedAt }: Lease): boolean => {
    if (performance.now() - renewedAt > ctx.settings.leaseMs) abort.abort('lost');
    return !abort.signal.aborted;
  };
  return {
    hold(chunk, claimedAt) {
      const lease = { chunk, abort: new AbortController(), renewedAt: claimedAt };
      leases.add(lease);
      return {
        signal: lease.abort.signal,
        holds: () => holds(lease),
        drop: () => void leases.delete(lease),
      };
    },
    async renew() {
      // One that was lost is let run out, even if nobody has taken it yet: this worker has stopped delivering it.
      for (const lease of leases) if (lease.abort.signal.reason === 'lost') leases.delete(lease);
      if (leases.size === 0) return;
      const held = [...leases];
      const askedAt = performance.now();
      try {
        const renewed = await extend(
          ctx,
          held.map(({ chunk }) => chunk),
        );
        for (const lease of held) {
          const mine = renewed.find(({ id, chunk }) => id === lease.chunk.id && chunk === lease.chunk.chunk);
          if (mine) lease.renewedAt = askedAt;
          if (!mine) lease.abort.abort('lost');
          else if (mine.stops) lease.abort.abort('cancelled');
        }
      } finally {
        for (const lease of held) holds(lease);
      }
    },
  };
}

/** A chunk that is missing in the answer belongs to somebody else, or its run has ended. */
async function extend(
  ctx: ServiceContext,
  held: readonly ChunkHold[],
): Promise<{ id: number; chunk: number; stops: boolean }[]> {
  return ctx.db.$queryRaw`
    update run_chunks set lease_until = now() + ${ctx.settings.leaseMs}::float8 * interval '1 millisecond'
    from jsonb_to_recordset(${JSON.stringify(held)}::jsonb) as held(id int, chunk int, epoch int), runs
    where run_chunks.run_id = held.id and run_chunks.number = held.chunk and run_chunks.epoch = held.epoch
      and run_chunks.state = 'claimed' and runs.id = held.id and runs.status = any(${[...activeStatuses]})
    returning run_chunks.run_id as id, run_chunks.number as chunk,
      runs.cancel_requested_at is not null or exists (
        select 1 from run_chunks failed where failed.run_id = held.id and failed.error is not null) as stops`;
}
