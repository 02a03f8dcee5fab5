import type { ChangeClass, RowOutcome } from '@sluice/domain/change';

/** The part of an address that filters the rows of a run. */
export function rowsQuery(filter: { class?: ChangeClass; outcome?: RowOutcome; reason?: string }): string {
  const entries = Object.entries(filter).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries)}`;
}
