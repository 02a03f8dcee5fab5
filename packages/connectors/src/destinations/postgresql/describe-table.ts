import type { DestinationField, DestinationObjectDetail } from '@sluice/domain/connector';
import { modesOf } from './list-tables.ts';
import type { Table, TableColumn } from './table.ts';
import { tableId } from './table-id.ts';

/** A table as the sync wizard shows it. */
export function describeTable(table: Table): DestinationObjectDetail {
  const id = tableId(table);
  return {
    id,
    label: id,
    modes: modesOf(table.columns.some(({ unique }) => unique)),
    mapping: 'fields',
    deleteBehaviours: ['nothing', 'clear', 'delete'],
    fields: table.columns.map((column) => ({
      name: column.name,
      label: column.name,
      type: fieldType(column),
      nativeType: column.nativeType,
      required: isRequired(column),
      readOnly: column.generated,
      matchable: column.unique,
    })),
  };
}

/** A new row cannot do without this column. */
export const isRequired = (column: TableColumn): boolean =>
  column.notNull && !column.hasDefault && !column.generated;

function fieldType({ category, castType, shape }: TableColumn): DestinationField['type'] {
  if (shape !== 'scalar') return 'json';
  if (castType === 'bytea') return 'binary';
  if (castType === 'date') return 'date';
  if (castType.startsWith('timestamp')) return 'datetime';
  return types[category] ?? 'unknown';
}

/** https://www.postgresql.org/docs/current/catalog-pg-type.html#CATALOG-TYPCATEGORY-TABLE */
const types: Record<string, DestinationField['type']> = {
  B: 'boolean',
  N: 'number',
  S: 'string',
  E: 'string',
  // Times and intervals, addresses, bit strings, uuid and other types of their own: written as text.
  D: 'string',
  T: 'string',
  I: 'string',
  V: 'string',
  U: 'string',
};
