import { changeClasses, type RunCounts, sumCounts } from '@sluice/domain/change';

/** Rows with a result so far. */
export function settledRows(counts: RunCounts): number {
  return sumCounts(counts.delivered) + sumCounts(counts.rejected) + sumCounts(counts.uncertain);
}

/** Rows that this run sends: planned ones without those of classes that the mode does not send. */
export function rowsToSend(counts: RunCounts): number {
  return changeClasses.reduce((sum, name) => sum + counts.planned[name] - counts.skipped[name], 0);
}

/**
 * Rows a second since delivery began, and the milliseconds left at this pace; `null` while either would be a guess
 * (under a second of delivery, or nothing sent yet).
 */
export function runRate(
  counts: RunCounts,
  deliverStartedAt: Date | null,
  now: Date,
): { rowsPerSecond: number; leftMs: number } | null {
  if (!deliverStartedAt) return null;
  const elapsed = now.getTime() - deliverStartedAt.getTime();
  const settled = settledRows(counts);
  if (elapsed < 1000 || settled === 0) return null;
  const rowsPerSecond = settled / (elapsed / 1000);
  const left = Math.max(0, rowsToSend(counts) - settled);
  return { rowsPerSecond, leftMs: (left / rowsPerSecond) * 1000 };
}
