import type { OpenPlan } from '../plan/open-plan.ts';
import type { BatchIntent, BatchOutcome, ChunkBoard, ClaimedChunk } from '../ports.ts';
import { LeaseLost } from '../ports.ts';
import { stopReason } from '../stop-reason.ts';
import { type Consignment, type DeliveryPorts, deliver } from './deliver.ts';
import { leasedLimiter } from './leased-limiter.ts';
import { addRange, type SeqRange } from './seq-ranges.ts';
import { settleDoubts } from './settle-doubts.ts';

/** What a worker keeps open from chunk to chunk. */
export type ChunkSession = Omit<DeliveryPorts, 'store' | 'onAllStarted'> & {
  readonly plan: OpenPlan;
  readonly board: ChunkBoard;
};

/**
 * Delivers chunks until there is none to take. The next one begins while the last answers of the one before are on
 * their way. Resolves when every chunk that was taken is settled, failed or given back; throws what the store throws.
 */
export async function deliverChunks(session: ChunkSession): Promise<void> {
  let broken: { readonly thrown: unknown } | null = null;
  const atWork = new Set<Promise<void>>();
  const begin = async (chunk: ClaimedChunk): Promise<void> => {
    await new Promise<void>((started) => {
      const task = deliverChunk(session, chunk, started)
        .catch((thrown: unknown) => {
          broken ??= { thrown };
        })
        .finally(() => {
          atWork.delete(task);
          started();
        });
      atWork.add(task);
    });
  };
  for (let taken = true; taken && !broken; ) {
    taken = false;
    while (!broken && !session.signal.aborted && session.trouble.parkedMs === 0) {
      const chunk = await session.board.take();
      if (!chunk) break;
      taken = true;
      await begin(chunk);
    }
    // The next class can only begin when these are settled.
    await Promise.all(atWork);
  }
  if (broken) throw (broken as { readonly thrown: unknown }).thrown;
}

async function deliverChunk(
  session: ChunkSession,
  chunk: ClaimedChunk,
  onAllStarted: () => void,
): Promise<void> {
  const { store } = chunk;
  const signal = AbortSignal.any([session.signal, chunk.signal]);
  try {
    const consignment = await openChunk(session.plan, chunk);
    const limiter = leasedLimiter(session.limiter, () => chunk.holds());
    const ports = { ...session, store, signal, limiter, onAllStarted };
    const { failure, unanswered, broken } = await deliver(consignment, ports);
    if (broken) throw failure;
    if (stopReason(signal) === 'shutdown') return await store.release({ unanswered: unanswered.length > 0 });
    const parked = session.trouble.parkedMs > 0 && failure === null && !signal.aborted;
    if (parked) return await store.release({ unanswered: unanswered.length > 0 });
    if (failure === null && !signal.aborted) return await store.complete();
    await settleDoubts(session.plan, consignment, unanswered, store);
    await store.close(failure);
  } catch (thrown) {
    if (thrown instanceof LeaseLost) return;
    // Nobody knows what is on its way, so the chunk waits until nothing can be.
    await store.release({ unanswered: true }).catch(() => undefined);
    throw thrown;
  }
}

/** What earlier attempts left of a chunk. */
async function openChunk(plan: OpenPlan, chunk: ClaimedChunk): Promise<Consignment> {
  let settled: SeqRange[] = [];
  const doubtful: BatchIntent[] = [];
  const settle = (batch: BatchIntent): void => {
    settled = addRange(settled, { from: batch.seqFrom, to: batch.seqTo });
  };
  for await (const { state, ...batch } of chunk.store.batches()) {
    if (state === 'settled') settle(batch);
    else doubtful.push(batch);
  }
  return {
    plan,
    ranges: [{ class: chunk.class, from: chunk.seqFrom, to: chunk.seqTo }],
    doubtful,
    get settled() {
      return settled;
    },
    settle: (outcomes: readonly BatchOutcome[]) => outcomes.forEach(settle),
  };
}
