import type { ChangeClass } from '@sluice/domain/change';
import type { Column, Row } from '@sluice/domain/column';
import { parseValue } from '../map/value.ts';
import type { PlannedChange } from '../plan/planned-change.ts';

/** A row of a preview (canonical text) as a change of a class, as a run would plan it. `key` is `null` for a NULL key. */
export function previewChange(
  columns: readonly Column[],
  cells: readonly (string | null)[],
  options: { seq: number; primaryKey: string; class: ChangeClass },
): { key: string | null; change: PlannedChange } {
  const row: Row = Object.fromEntries(
    columns.map(({ name, type }, index) => [name, parseValue(cells[index] ?? null, type)]),
  );
  const key = cells[columns.findIndex(({ name }) => name === options.primaryKey)] ?? null;
  const { seq, class: name } = options;
  const ledgerValues = name === 'added' ? null : row;
  return { key, change: { seq, class: name, key: key ?? '', sent: true, row, ledgerValues } };
}
