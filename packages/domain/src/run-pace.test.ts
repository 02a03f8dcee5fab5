import { expect, test } from 'vitest';
import { paceOf } from './run-pace.ts';

const steady = Array.from({ length: 60 }, (_, second) => ({ at: second * 1000, rows: second * 50 }));

test.each([
  ['nothing seen yet', [], { at: 0, rows: 0 }, 100, null],
  ['less than two seconds', steady.slice(0, 2), { at: 1500, rows: 75 }, 100, null],
  ['a steady run', steady, { at: 59_500, rows: 2975 }, 500, { rowsPerSecond: 50, leftMs: 10_000 }],
  // Fast for a minute, then slow: the minute does not flatter the pace of now.
  [
    'a run that slowed down',
    steady,
    { at: 79_000, rows: 2960 },
    500,
    { rowsPerSecond: 0.5, leftMs: 1_000_000 },
  ],
  [
    'a run that stands still',
    [{ at: 0, rows: 7 }],
    { at: 5_000, rows: 7 },
    100,
    { rowsPerSecond: 0, leftMs: null },
  ],
  ['an unknown end', steady, { at: 59_000, rows: 2950 }, null, { rowsPerSecond: 50, leftMs: null }],
])('%s', (_, samples, now, left, pace) => {
  expect(paceOf(samples, now, left)).toEqual(pace);
});
