import { type RunCounts, sentOf, sumSent } from '@sluice/domain/change';
import type { SyncConfiguration } from '@sluice/domain/sync';

/**
 * Why a run must not send anything, in a sentence with the numbers; `null` when no guard objects. Rows that the mode
 * does not send do not count. `ledgerRows` is what the destination is known to hold.
 */
export function guardVerdict(
  guards: SyncConfiguration['guards'],
  counts: RunCounts,
  ledgerRows: number,
): string | null {
  const removed = sentOf(counts, 'removed');
  const { removedShareMax, changedRowsMax } = guards;
  if (removedShareMax !== null && removed > removalsFree && removed > removedShareMax * ledgerRows) {
    return `The run would remove ${number(removed)} of ${number(ledgerRows)} rows (${percent(removed / ledgerRows)}); the guard allows ${percent(removedShareMax)}.`;
  }
  const touched = sumSent(counts);
  if (changedRowsMax !== null && touched > changedRowsMax) {
    return `The run would send ${number(touched)} rows; the guard allows ${number(changedRowsMax)}.`;
  }
  return null;
}

/** So few removals never need a question. */
const removalsFree = 100;

const number = (value: number): string => value.toLocaleString('en-US');
const percent = (share: number): string =>
  `${(share * 100).toLocaleString('en-US', { maximumFractionDigits: 1 })} %`;
