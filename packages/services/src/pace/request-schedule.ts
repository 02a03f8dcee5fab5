import type { RequestLimit } from '@sluice/connectors/kit/destination';

/** A limit as a steady rate with a small burst: together they never exceed `count` in any window of `perMs`. */
export interface PaceRule {
  /** Requests that may start together after a rest. */
  readonly burst: number;
  /** Pause between two starts afterwards. */
  readonly intervalMs: number;
}

/** A tenth of the count may come at once; the rest is spread so that both together fit into the window. */
export function paceRule({ count, perMs }: RequestLimit): PaceRule {
  const burst = Math.max(1, Math.floor(count / 10));
  return { burst, intervalMs: perMs / (count - burst + 1) };
}

/** Quota is taken from the other workers in portions of this much time: one round trip buys all requests in it. */
const portionMs = 200;
const burstMax = 50;

/** How many requests to reserve at once at most. */
export function portionOf(rules: readonly PaceRule[]): number {
  const perRule = rules.map(({ burst, intervalMs }) =>
    Math.max(Math.floor(portionMs / intervalMs), Math.min(burst, burstMax)),
  );
  return Math.max(1, Math.min(...perRule));
}

/**
 * When each of `count` reserved requests may start, in milliseconds from now. `aheadMs[i]` is how far the schedule of
 * `rules[i]` had run ahead of now before the reservation.
 */
export function startsOf(
  rules: readonly PaceRule[],
  aheadMs: readonly number[],
  count: number,
): readonly number[] {
  return Array.from({ length: count }, (_, place) =>
    Math.max(
      0,
      ...rules.map(
        ({ burst, intervalMs }, index) => (aheadMs[index] ?? 0) + (place - burst + 1) * intervalMs,
      ),
    ),
  );
}
