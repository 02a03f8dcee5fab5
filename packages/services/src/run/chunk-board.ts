import { Prisma } from '@sluice/db/generated/client';
import type { ChangeClass } from '@sluice/domain/change';
import { SluiceError } from '@sluice/domain/error';
import type { ErrorCode } from '@sluice/domain/error-code';
import {
  type ChunkBoard,
  type ChunkedProgress,
  type ClaimedChunk,
  LeaseLost,
  type RunChunks,
} from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import type { ChunkLeases, HeldChunk } from './chunk-leases.ts';
import { createChunkStore } from './chunk-store.ts';
import { claimChunk } from './claim-chunk.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { fence, type RunHold, retryDropped, writeFenced } from './run-fence.ts';

/** A chunk that was claimed this often without progress kills its workers: its run ends. */
const claimsMax = 5;
const lookMs = 250;

export interface ChunkWorker {
  /** Name of the worker. */
  readonly owner: string;
  readonly leases: ChunkLeases;
  readonly exchanges: ExchangeLog;
}

/** The chunks of one run for one worker. */
export interface WorkerBoard extends ChunkBoard {
  /** Claims the chunk that `take` will answer first. Answers whether there was one. */
  reserve(): Promise<boolean>;
  /** Gives back what was reserved and not taken, and forgets the leases that are still kept: the work is over. */
  close(): Promise<void>;
}

export function createChunkBoard(ctx: ServiceContext, runId: number, worker: ChunkWorker): WorkerBoard {
  const held = new Set<HeldChunk>();
  let reserved: ClaimedChunk | null = null;

  const claim = async (): Promise<ClaimedChunk | null> => {
    const claimedAt = performance.now();
    const row = await retryDropped(() => claimChunk(ctx, runId, worker.owner));
    if (!row) return null;
    const store = createChunkStore(ctx, row, worker.exchanges);
    if (row.claims > claimsMax) {
      const words = `A part of the run stopped its worker ${claimsMax} times without getting any further.`;
      await store.close(new SluiceError('run_crash_loop', words));
      return null;
    }
    const lease = worker.leases.hold({ id: row.id, chunk: row.chunk, epoch: row.epoch }, claimedAt);
    held.add(lease);
    const last =
      <Arguments extends unknown[]>(work: (...args: Arguments) => Promise<void>) =>
      (...args: Arguments) =>
        work(...args).finally(() => drop(lease));
    return {
      number: row.chunk,
      class: row.class,
      seqFrom: row.seqFrom,
      seqTo: row.seqTo,
      signal: lease.signal,
      holds: lease.holds,
      store: {
        ...store,
        complete: last(store.complete),
        close: last(store.close),
        release: last(store.release),
      },
    };
  };
  const drop = (lease: HeldChunk) => {
    lease.drop();
    held.delete(lease);
  };

  return {
    async reserve() {
      reserved = await claim();
      return reserved !== null;
    },
    async take() {
      if (!reserved) return claim();
      const chunk = reserved;
      reserved = null;
      return chunk;
    },
    async close() {
      // Nothing of it was announced.
      await reserved?.store.release({ unanswered: false }).catch(() => undefined);
      for (const lease of held) lease.drop();
    },
  };
}

/** The chunks of a run for the worker that owns it. */
export function createRunChunks(
  ctx: ServiceContext,
  run: RunHold,
  worker: ChunkWorker,
): RunChunks & WorkerBoard {
  return {
    ...createChunkBoard(ctx, run.id, worker),
    rowsMin: ctx.settings.chunkedRowsMin,
    resumed: run.epoch > 1,
    lookMs,

    async offer(chunks) {
      const [answer] = await retryDropped(
        () => ctx.db.$queryRaw<{ held: number; chunked: boolean }[]>`
        with ${fence(run)}, made as (
          insert into run_chunks (run_id, number, workspace_id, class, seq_from, seq_to)
          select fence.id, number, fence.workspace_id, class, "seqFrom", "seqTo"
          from fence, jsonb_to_recordset(${JSON.stringify(chunks)}::jsonb)
            as chunk(number int, class text, "seqFrom" int, "seqTo" int)
          where not exists (select 1 from run_chunks known where known.run_id = fence.id)
            and not exists (select 1 from run_batches begun where begun.run_id = fence.id)
          on conflict do nothing returning 1
        ) select count(*)::int as held, pg_notify('sluice_runs', 'queued:' || ${run.id}::int)::text,
            exists (select 1 from made) or exists (select 1 from run_chunks where run_id = ${run.id}) as chunked
          from fence`,
      );
      if (answer?.held !== 1) throw new LeaseLost();
      return answer.chunked;
    },

    look: () => retryDropped(() => readProgress(ctx, run.id)),

    async withdraw() {
      const { requestMs } = ctx.settings;
      const idle = Prisma.sql`(lease_until is null
        or lease_until < now() - ${requestMs}::float8 * interval '1 millisecond')`;
      await writeFenced(
        ctx,
        Prisma.sql`with ${fence(run)}, closed as (
          update run_chunks set state = 'closed', epoch = epoch + 1, owner = null
          from fence where run_id = fence.id and state in ('open', 'claimed') and ${idle}
        ) select count(*)::int as held from fence`,
      );
      return ctx.db.runChunk.count({ where: { runId: run.id, state: { in: ['open', 'claimed'] } } });
    },
  };
}

interface ClassProgress {
  class: ChangeClass;
  delivered: number;
  rejected: number;
  uncertain: number;
  left: number;
  error: { code: ErrorCode; message: string; fix: string; details?: Record<string, unknown> } | null;
}

async function readProgress(ctx: ServiceContext, runId: number): Promise<ChunkedProgress> {
  const rows = await ctx.db.$queryRaw<ClassProgress[]>`
    select class, sum(delivered)::int as delivered, sum(rejected)::int as rejected,
      sum(uncertain)::int as uncertain, count(*) filter (where state <> 'settled')::int as left,
      (array_agg(error order by number) filter (where error is not null))[1] as error
    from run_chunks where run_id = ${runId} group by class`;
  const counts = (read: (row: ClassProgress) => number): Record<ChangeClass, number> => ({
    added: 0,
    changed: 0,
    removed: 0,
    ...Object.fromEntries(rows.map((row) => [row.class, read(row)])),
  });
  const error = rows.find((row) => row.error !== null)?.error;
  return {
    left: rows.reduce((sum, { left }) => sum + left, 0),
    failure: error
      ? new SluiceError(error.code, error.message, {
          fix: error.fix,
          ...(error.details && { details: error.details }),
        })
      : null,
    delivered: counts(({ delivered }) => delivered),
    rejected: counts(({ rejected }) => rejected),
    uncertain: counts(({ uncertain }) => uncertain),
  };
}
