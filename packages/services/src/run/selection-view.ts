import type { RunSelection, SelectionView } from '@sluice/domain/run-selection';
import { pastRunId } from './replayable.ts';

/** A selection in a few words, without keys and values: everybody who sees the run may read it. */
export const selectionView = (selection: RunSelection): SelectionView => ({
  summary: summaryOf(selection),
  runId: pastRunId(selection),
});

function summaryOf(selection: RunSelection): string {
  switch (selection.type) {
    case 'filter': {
      const columns = [...new Set(selection.filter.map(({ column }) => column))];
      return `Backfill of rows chosen by ${columns.join(', ')}`;
    }
    case 'doubts':
      return selection.keys === null
        ? 'All rows in doubt, sent again'
        : `${rows(selection.keys.length)} in doubt, sent again`;
    case 'revert':
      return `Takes back run ${selection.runId}`;
    case 'rows':
      return `${chosenRows(selection)} of run ${selection.runId}${corrected(selection.corrections.length)}`;
  }
}

function chosenRows({ rows: chosen }: RunSelection & { type: 'rows' }): string {
  if (chosen.which === 'sent') return 'All rows';
  if (chosen.which === 'chosen') return rows(chosen.seqs.length);
  const reasons = chosen.reasons?.length;
  if (reasons === undefined) return 'Rejected and doubtful rows';
  return `Rows with ${reasons === 1 ? 'one reason' : `${reasons} reasons`}`;
}

const corrected = (count: number): string => (count === 0 ? '' : `, ${count} corrected`);
const rows = (count: number): string => (count === 1 ? '1 row' : `${count.toLocaleString('en-US')} rows`);
