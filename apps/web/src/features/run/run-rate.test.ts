import { noRunCounts } from '@sluice/domain/change';
import { expect, test } from 'vitest';
import { runRate } from './run-rate.ts';

const start = new Date('2026-01-01T00:00:00Z');
const later = (ms: number) => new Date(start.getTime() + ms);
const counts = (delivered: number, planned: number) => ({
  ...noRunCounts(),
  planned: { added: planned, changed: 0, removed: 0 },
  delivered: { added: delivered, changed: 0, removed: 0 },
});

test('pace and time left come from what was settled since delivery began', () => {
  expect(runRate(counts(1000, 5000), start, later(2000))).toEqual({ rowsPerSecond: 500, leftMs: 8000 });
});

test('no guess before there is something to measure', () => {
  expect(runRate(counts(0, 10), start, later(5000))).toBeNull();
  expect(runRate(counts(5, 10), start, later(200))).toBeNull();
  expect(runRate(counts(5, 10), null, later(5000))).toBeNull();
});
