import type { WriterLimits } from '@sluice/connectors/kit/destination';
import type { RequestGate, RequestLimiter } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import { createPlacePool, type PlacePool } from './place-pool.ts';
import { createRequestQueue, type RequestQueue } from './request-queue.ts';
import type { PacedDestination } from './reserve-requests.ts';
import { announcePause, readPause } from './shared-pause.ts';

/** The limits of one destination as this process keeps them, together with all other workers. */
export interface DestinationPace extends RequestLimiter {
  /** Another worker was asked for a pause, or may have been. */
  refresh(): Promise<void>;
  /** Whether a gate is open. */
  used(): boolean;
  close(): Promise<void>;
}

/**
 * Without limits and pauses nothing is asked of the database, except once whether a pause of another worker is going
 * on, when the first gate opens.
 */
export function createDestinationPace(
  ctx: Pick<ServiceContext, 'db' | 'log'>,
  destination: PacedDestination,
  options: { readonly owner: string; readonly leaseMs: number },
): DestinationPace {
  const queues = new Map<string, RequestQueue>();
  const pools = new Map<number, PlacePool>();
  let pausedUntil = 0;
  let gates = 0;
  let known: Promise<void> | null = null;

  const prolong = (ms: number) => {
    pausedUntil = Math.max(pausedUntil, performance.now() + ms);
  };
  const refresh = async () => {
    try {
      prolong(await readPause(ctx, destination));
    } catch (error) {
      ctx.log.warn({ err: error, destinationId: destination.id }, 'a pause of a destination was not read');
    }
  };
  const queueOf = (limits: WriterLimits): RequestQueue => {
    const key = JSON.stringify(limits.requests);
    const queue = queues.get(key) ?? createRequestQueue(ctx, destination, limits.requests);
    queues.set(key, queue);
    return queue;
  };
  const poolOf = (atOnce: number): PlacePool => {
    const pool = pools.get(atOnce) ?? createPlacePool(ctx, destination, atOnce, options);
    pools.set(atOnce, pool);
    return pool;
  };

  return {
    open(limits): RequestGate {
      const queue = limits.requests.length === 0 ? null : queueOf(limits);
      const pool = limits.sharedConcurrency === undefined ? null : poolOf(limits.sharedConcurrency);
      if (gates === 0) known = refresh();
      gates += 1;
      let left = false;
      return {
        enter: (signal) => pool?.enter(signal) ?? Promise.resolve(() => undefined),
        async admit(signal) {
          if (known) {
            await known;
            known = null;
          }
          signal.throwIfAborted();
          await outlast(() => pausedUntil, signal);
          if (!queue) return;
          await queue.turn(signal);
          // A pause that began while the turn came.
          await outlast(() => pausedUntil, signal);
        },
        pause(ms) {
          prolong(ms);
          announcePause(ctx, destination, ms).catch((error) =>
            ctx.log.warn({ err: error, destinationId: destination.id }, 'a pause was not passed on'),
          );
        },
        pausedMs: () => Math.max(0, pausedUntil - performance.now()),
        close() {
          if (!left) gates -= 1;
          left = true;
        },
      };
    },
    refresh,
    used: () => gates > 0,
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

async function outlast(until: () => number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const wait = until() - performance.now();
    if (wait <= 0) return;
    await sleep(wait, signal);
  }
}

/** Rejects with the signal's reason when it aborts. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
