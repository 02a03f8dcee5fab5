import type { StageTiming } from '@sluice/domain/run';
import { expect, test } from 'vitest';
import { stageBars } from './stage-bars.ts';

const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1000);
const timing = (stage: StageTiming['stage'], from: number, to: number | null): StageTiming => ({
  stage,
  startedAt: at(from),
  finishedAt: to === null ? null : at(to),
});

test('bars lie one after the other on a common scale', () => {
  const bars = stageBars(
    [timing('queued', 0, 1), timing('extract', 1, 5), timing('plan', 5, null)],
    at(10),
    false,
  );
  expect(bars.map(({ state }) => state)).toEqual(['done', 'done', 'current', 'waiting', 'waiting']);
  expect(bars[1]).toMatchObject({ offset: 10, width: 40, durationMs: 4000 });
  expect(bars[2]).toMatchObject({ offset: 50, width: 50, durationMs: 5000 });
});

test('a stage that took no time can still be seen and stays inside', () => {
  const bars = stageBars([timing('queued', 0, 10), timing('commit', 10, 10)], at(10), true);
  const commit = bars.find(({ stage }) => stage === 'commit');
  expect(commit?.width).toBeGreaterThan(0);
  expect((commit?.offset ?? 0) + (commit?.width ?? 0)).toBeLessThanOrEqual(100);
});

test('a stage that a take-over entered twice is one bar from first start to last end', () => {
  const bars = stageBars([timing('deliver', 0, 4), timing('deliver', 6, 10)], at(10), true);
  expect(bars.find(({ stage }) => stage === 'deliver')?.durationMs).toBe(10_000);
});

test('a run that ended early shows the rest as skipped', () => {
  const bars = stageBars([timing('queued', 0, 1), timing('extract', 1, null)], at(2), true);
  expect(bars.map(({ state }) => state)).toEqual(['done', 'done', 'skipped', 'skipped', 'skipped']);
});

test('no stages at all is a run that waits', () => {
  expect(stageBars([], at(0), false).every(({ state }) => state === 'waiting')).toBe(true);
});
