import { type RunCounts, sumCounts } from './change.ts';

/** The rows of a finished run that still wait for something, in words: `3 rejected, 2 in doubt`; `null` = none. */
export function pendingWords(counts: RunCounts): string | null {
  const parts = [
    [sumCounts(counts.rejected), 'rejected'],
    [sumCounts(counts.uncertain), 'in doubt'],
    [sumCounts(counts.held), 'held for a decision'],
    [sumCounts(counts.notAttempted), 'not attempted'],
  ] as const;
  const words = parts.filter(([rows]) => rows > 0).map(([rows, what]) => `${number.format(rows)} ${what}`);
  return words.length === 0 ? null : words.join(', ');
}

const number = new Intl.NumberFormat('en');
