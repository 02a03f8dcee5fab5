import type { ChangeClass, RowOutcome } from '@sluice/domain/change';

/** The part of an address that filters the rows of a run, or opens one by its position in the plan. */
export function rowsQuery(filter: {
  class?: ChangeClass;
  outcome?: RowOutcome;
  reason?: string;
  row?: number;
}): string {
  const entries = Object.entries(filter).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries)}`;
}
