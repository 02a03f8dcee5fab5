import type { RunPace } from '@sluice/domain/run-pace';
import { durationText } from '@sluice/ui/Time';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const slow = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** The pace and the time left, as far as they are known: no guess is shown. */
export function paceWords(pace: RunPace | null): string[] {
  if (!pace) return [];
  const { rowsPerSecond, leftMs } = pace;
  if (rowsPerSecond === 0) return ['no row in the last seconds'];
  const rate = `${(rowsPerSecond < 10 ? slow : number).format(rowsPerSecond)} rows a second`;
  return leftMs === null ? [rate] : [rate, leftWords(leftMs)];
}

/** The time left, rounded as one would say it. */
export function leftWords(leftMs: number): string {
  if (leftMs < 1_000) return 'almost done';
  const step = leftMs < 60_000 ? 1_000 : leftMs < 3_600_000 ? 10_000 : 60_000;
  return `${durationText(Math.round(leftMs / step) * step)} left`;
}
