import type { ServiceContext } from '../context.ts';
import { holdPlaces } from './hold-places.ts';
import type { PacedDestination } from './reserve-requests.ts';

/** The places of one destination that this process may use. */
export interface PlacePool {
  /** Resolves with the function that gives the place back. Rejects when the signal aborts. */
  enter(signal: AbortSignal): Promise<() => void>;
  close(): Promise<void>;
}

interface Waiter {
  readonly grant: () => void;
}

/** Asked again while nobody could start yet, while places are in use, and once before they are given back. */
const waitingMs = 100;
const busyMs = 500;
const idleMs = 200;

/**
 * Holds places under a lease: one statement for many calls. When the database cannot be asked the lease runs out, and
 * nothing new starts: a limit is never switched off by an outage.
 */
export function createPlacePool(
  ctx: Pick<ServiceContext, 'db' | 'log'>,
  destination: PacedDestination,
  atOnce: number,
  options: { readonly owner: string; readonly leaseMs: number },
): PlacePool {
  const waiters = new Set<Waiter>();
  let open = 0;
  let granted = 0;
  let told: number | null = null;
  let validUntil = 0;
  let askedAt = 0;
  /** Calls that the last question told of. */
  let askedFor = 0;
  let timer: NodeJS.Timeout | undefined;
  let asking: Promise<void> | null = null;
  let registered = false;
  let closed = false;

  /** While a question is on its way no more calls are opened than it told of: the others may get the rest. */
  const usable = (): boolean => open < Math.min(granted, told ?? granted) && performance.now() < validUntil;

  const serve = () => {
    for (const waiter of waiters) {
      if (!usable()) return;
      waiters.delete(waiter);
      waiter.grant();
    }
  };

  const ask = async () => {
    askedAt = performance.now();
    const from = askedAt;
    const wanted = open + waiters.size;
    told = open;
    askedFor = wanted;
    try {
      granted = await holdPlaces(ctx, destination, atOnce, { ...options, open, wanted });
      validUntil = from + options.leaseMs;
      registered = wanted > 0;
    } catch (error) {
      ctx.log.warn({ err: error, destinationId: destination.id }, 'places at a destination were not renewed');
    } finally {
      told = null;
    }
  };

  const askNow = () => {
    clearTimeout(timer);
    timer = undefined;
    asking ??= ask().finally(() => {
      asking = null;
      serve();
      plan();
    });
  };

  /** The next question: soon while somebody waits, later while places are used, never when nothing is held. */
  const plan = () => {
    if (asking || closed) return;
    const idle = open === 0 && waiters.size === 0;
    clearTimeout(timer);
    timer = undefined;
    if (idle && !registered) return;
    const more = granted < atOnce && open + waiters.size > askedFor;
    const delayMs = more ? 0 : idle ? idleMs : open === 0 ? waitingMs : busyMs;
    timer = setTimeout(askNow, Math.max(0, askedAt + delayMs - performance.now()));
  };

  const occupy = (): (() => void) => {
    open += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      open -= 1;
      serve();
      plan();
    };
  };

  return {
    enter(signal) {
      signal.throwIfAborted();
      if (waiters.size === 0 && usable()) return Promise.resolve(occupy());
      return new Promise((resolve, reject) => {
        const stop = () => {
          waiters.delete(waiter);
          reject(signal.reason);
        };
        const waiter: Waiter = {
          grant: () => {
            signal.removeEventListener('abort', stop);
            resolve(occupy());
          },
        };
        waiters.add(waiter);
        signal.addEventListener('abort', stop, { once: true });
        // The first one asks, also for those that come in the same moment; those behind it wait for the answer.
        if (waiters.size === 1) setImmediate(() => !closed && askNow());
        else plan();
      });
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await asking;
      if (registered) await ask();
    },
  };
}
