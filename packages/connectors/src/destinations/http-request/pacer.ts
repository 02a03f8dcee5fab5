import { setTimeout as wait } from 'node:timers/promises';

/** Resolves when the next request may start; rejects when the signal aborts. */
export type Pacer = (signal: AbortSignal) => Promise<void>;

/**
 * Spaces the starts of requests evenly. The engine paces its batches already; this also holds for the requests that
 * come of splitting one.
 */
export function createPacer(requestsPerSecond: number | null): Pacer {
  if (requestsPerSecond === null) return () => Promise.resolve();
  let nextAt = 0;
  return async (signal) => {
    const now = performance.now();
    const at = Math.max(now, nextAt);
    nextAt = at + 1000 / requestsPerSecond;
    if (at > now) await wait(at - now, undefined, { signal });
  };
}
