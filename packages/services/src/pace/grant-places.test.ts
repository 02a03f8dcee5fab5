import fc from 'fast-check';
import { expect, test } from 'vitest';
import { grantPlaces, type Holder } from './grant-places.ts';

const owners = ['a', 'b', 'c', 'd', 'e'];

/** Workers that ask in turn, each with as much to do as it says, open as many calls as they may, and end some. */
function live(atOnce: number, asks: readonly { owner: string; work: number; ends: number }[]) {
  let holders: Record<string, Holder> = {};
  const open = new Map(owners.map((owner) => [owner, 0]));
  const sums: number[] = [];
  let now = 1_000_000;
  for (const { owner, work, ends } of asks) {
    now += 50;
    const left = Math.max(0, (open.get(owner) ?? 0) - ends);
    const wanted = left + work;
    const answer = grantPlaces(holders, atOnce, { owner, open: left, wanted, leaseMs: 60_000 }, now);
    holders = answer.holders;
    open.set(owner, Math.max(left, Math.min(wanted, answer.granted)));
    sums.push([...open.values()].reduce((sum, count) => sum + count, 0));
  }
  return sums;
}

test('never more calls are open than there are places, whoever asks when', () => {
  const ask = fc.record({
    owner: fc.constantFrom(...owners),
    work: fc.integer({ min: 0, max: 9 }),
    ends: fc.integer({ min: 0, max: 5 }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(ask, { maxLength: 60 }), (atOnce, asks) => {
      expect(Math.max(0, ...live(atOnce, asks))).toBeLessThanOrEqual(atOnce);
    }),
  );
});

test('workers that want all places come to a fair share, and one alone gets all', () => {
  let holders: Record<string, Holder> = {};
  const ask = (owner: string, open: number, now: number) => {
    const answer = grantPlaces(holders, 8, { owner, open, wanted: 20, leaseMs: 1_000 }, now);
    holders = answer.holders;
    return answer.granted;
  };
  expect(ask('a', 0, 0)).toBe(8);
  expect(ask('b', 0, 1)).toBe(0);
  expect(ask('a', 8, 2)).toBe(4);
  // Until its calls have ended, their places are not given away.
  expect(ask('b', 0, 3)).toBe(0);
  expect(ask('a', 4, 4)).toBe(4);
  expect(ask('b', 0, 5)).toBe(4);
  // The one that died is forgotten with its lease.
  expect(ask('b', 4, 1_500)).toBe(8);
});

test('more workers than places take turns', () => {
  let holders: Record<string, Holder> = {};
  const served = new Set<string>();
  for (let now = 0; now < 10_000; now += 100) {
    for (const owner of ['a', 'b', 'c']) {
      const answer = grantPlaces(holders, 1, { owner, open: 0, wanted: 5, leaseMs: 30_000 }, now);
      holders = answer.holders;
      if (answer.granted > 0) served.add(owner);
    }
  }
  expect([...served].sort()).toEqual(['a', 'b', 'c']);
});
