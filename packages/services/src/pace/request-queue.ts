import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestLimit } from '@sluice/connectors/kit/destination';
import type { ServiceContext } from '../context.ts';
import { paceRule, portionOf, startsOf } from './request-schedule.ts';
import { type PacedDestination, reserveRequests } from './reserve-requests.ts';

/** Requests of this process that wait for their turn under one set of limits. */
export interface RequestQueue {
  /** Resolves when one request may start. Rejects when the signal aborts; its turn goes to the next. */
  turn(signal: AbortSignal): Promise<void>;
}

const retryMsMin = 250;
const retryMsMax = 5_000;

/**
 * Reserves turns for the requests that wait, a portion at a time, and lets each start at its time. While the database
 * cannot be asked nothing starts: neither could what is sent be recorded.
 */
export function createRequestQueue(
  ctx: Pick<ServiceContext, 'db' | 'log'>,
  destination: PacedDestination,
  limits: readonly RequestLimit[],
): RequestQueue {
  const rules = limits.map((limit) => ({ ...paceRule(limit), name: `${limit.perMs}ms` }));
  const portion = portionOf(rules);
  const waiting = new Set<() => void>();
  let serving = false;

  const serve = async () => {
    for (let failures = 0; waiting.size > 0; ) {
      const count = Math.min(portion, waiting.size);
      let starts: readonly number[];
      try {
        starts = startsOf(rules, await reserveRequests(ctx, destination, rules, count), count);
        failures = 0;
      } catch (error) {
        failures += 1;
        ctx.log.warn(
          { err: error, destinationId: destination.id },
          'no turns could be reserved; trying again',
        );
        await sleep(Math.min(retryMsMax, retryMsMin * 2 ** failures) * (0.5 + Math.random() / 2));
        continue;
      }
      // The database's now is a little in the past by now, so a start counted from here is never early.
      const from = performance.now();
      for (const start of starts) {
        const wait = from + start - performance.now();
        if (wait > 0) await sleep(wait);
        const [next] = waiting;
        if (!next) break;
        waiting.delete(next);
        next();
      }
    }
  };

  return {
    turn: (signal) =>
      new Promise((resolve, reject) => {
        const go = () => {
          signal.removeEventListener('abort', stop);
          resolve();
        };
        const stop = () => {
          waiting.delete(go);
          reject(signal.reason);
        };
        if (signal.aborted) return stop();
        signal.addEventListener('abort', stop, { once: true });
        waiting.add(go);
        if (serving) return;
        serving = true;
        void serve().finally(() => {
          serving = false;
        });
      }),
  };
}
