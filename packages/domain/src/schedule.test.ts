import { expect, it } from 'vitest';
import { assertSchedule, nextTimes, type Schedule } from './schedule.ts';

const cron = (expression: string, timezone: string): Schedule => ({
  type: 'cron',
  schedule: { expression, timezone },
});
const next = (schedule: Schedule, after: string, count = 3) =>
  nextTimes(schedule, { after: new Date(after), anchor: new Date(after), count }).map((time) =>
    time.toISOString(),
  );

it('fires once for a local time that spring skips, at the first moment after the gap', () => {
  // Zurich goes from 02:00 to 03:00 on 2026-03-29.
  expect(next(cron('30 2 * * *', 'Europe/Zurich'), '2026-03-28T12:00:00Z', 2)).toEqual([
    '2026-03-29T01:00:00.000Z',
    '2026-03-30T00:30:00.000Z',
  ]);
});

it('fires once for a local time that autumn repeats', () => {
  // Zurich has 02:30 twice on 2026-10-25.
  expect(next(cron('30 2 * * *', 'Europe/Zurich'), '2026-10-24T12:00:00Z', 2)).toEqual([
    '2026-10-25T00:30:00.000Z',
    '2026-10-26T01:30:00.000Z',
  ]);
});

it('keeps every hour of an hourly schedule over both changes', () => {
  const hours = next(cron('0 * * * *', 'America/New_York'), '2026-11-01T03:30:00Z', 4);
  expect(hours).toEqual([
    '2026-11-01T04:00:00.000Z',
    '2026-11-01T05:00:00.000Z',
    '2026-11-01T06:00:00.000Z',
    '2026-11-01T07:00:00.000Z',
  ]);
});

it('handles a half-hour change of the clock', () => {
  // Lord Howe goes from 02:00 to 02:30 on 2026-10-04.
  expect(next(cron('15 2 * * *', 'Australia/Lord_Howe'), '2026-10-03T12:00:00Z', 1)).toEqual([
    '2026-10-03T15:30:00.000Z',
  ]);
});

it('counts intervals from the anchor, so that a late run does not shift them', () => {
  const schedule: Schedule = { type: 'interval', schedule: { interval: { unit: 'hour', quantity: 2 } } };
  const times = nextTimes(schedule, {
    anchor: new Date('2026-01-01T00:10:00Z'),
    after: new Date('2026-01-01T05:00:00Z'),
    count: 2,
  });
  expect(times.map((time) => time.toISOString())).toEqual([
    '2026-01-01T06:10:00.000Z',
    '2026-01-01T08:10:00.000Z',
  ]);
});

it.each([
  [cron('0 0 30 2 *', 'UTC'), /never fires/],
  [cron('* * * *', 'UTC'), /five fields/],
  [cron('61 * * * *', 'UTC'), /not valid/],
  [cron('0 0 * * *', 'Mars/Olympus'), /not a time zone/],
])('refuses %j', (schedule, reason) => {
  expect(() => assertSchedule(schedule)).toThrow(reason);
});
