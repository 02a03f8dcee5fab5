import fc from 'fast-check';
import { expect, test } from 'vitest';
import { paceRule, portionOf, startsOf } from './request-schedule.ts';

/** Starts of all requests when several workers reserve portions one after the other, as the database would book them. */
function schedule(
  limits: readonly { count: number; perMs: number }[],
  asks: readonly { afterMs: number; count: number }[],
): number[] {
  const rules = limits.map(paceRule);
  const freeAt = rules.map(() => 0);
  let now = 0;
  return asks.flatMap(({ afterMs, count }) => {
    now += afterMs;
    const ahead = freeAt.map((at) => Math.max(0, at - now));
    rules.forEach(({ intervalMs }, index) => {
      freeAt[index] = Math.max(freeAt[index] ?? 0, now) + intervalMs * count;
    });
    return startsOf(rules, ahead, count).map((start) => now + start);
  });
}

const busiest = (starts: readonly number[], perMs: number): number => {
  const sorted = starts.toSorted((a, b) => a - b);
  return Math.max(
    0,
    ...sorted.map((from) => sorted.filter((at) => at >= from && at < from + perMs - 1e-6).length),
  );
};

test('no window holds more requests than its limit, whoever reserves when', () => {
  const limit = fc.record({
    count: fc.integer({ min: 1, max: 60 }),
    perMs: fc.constantFrom(500, 1_000, 10_000),
  });
  const ask = fc.record({
    afterMs: fc.integer({ min: 0, max: 400 }),
    count: fc.integer({ min: 1, max: 12 }),
  });
  fc.assert(
    fc.property(limit, fc.array(ask, { maxLength: 40 }), (one, asks) => {
      expect(busiest(schedule([one], asks), one.perMs)).toBeLessThanOrEqual(one.count);
    }),
  );
});

test('a short and a long limit both hold', () => {
  const limits = [
    { count: 10, perMs: 1_000 },
    { count: 300, perMs: 60_000 },
  ];
  const starts = schedule(
    limits,
    Array.from({ length: 400 }, () => ({ afterMs: 0, count: 1 })),
  );
  for (const { count, perMs } of limits) expect(busiest(starts, perMs)).toBeLessThanOrEqual(count);
});

test('uses at least nine tenths of a limit, in portions of a fifth of a second', () => {
  const rules = [paceRule({ count: 20, perMs: 1_000 })];
  expect(portionOf(rules)).toBe(3);
  const starts = startsOf(rules, [0], 200);
  expect(200 / ((starts.at(-1) ?? 0) / 1_000)).toBeGreaterThan(18);
  expect(portionOf([paceRule({ count: 0.1, perMs: 1_000 })])).toBe(1);
});
