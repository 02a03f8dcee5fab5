import type { Column, ColumnType } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import type { FilterOperator, RowCondition, RowFilter } from '@sluice/domain/row-filter';
import type { Duck } from '../duck.ts';
import { isCanonical } from '../map/canonical-text.ts';

/**
 * SQL that says of a spooled row (columns `c0…`) whether all conditions hold. Their values are not in it: they lie in
 * the table `filter_values`, which this fills. Throws `input_invalid` for a column that the result does not have, and
 * for a value that is not of the column's type.
 */
export async function filterSql(duck: Duck, columns: readonly Column[], filter: RowFilter): Promise<string> {
  await duck.run('CREATE OR REPLACE TEMP TABLE filter_values (place INTEGER, value VARCHAR)');
  const appender = await duck.appender('filter_values');
  const parts = filter.map((condition, place) => {
    const index = columns.findIndex(({ name }) => name === condition.column);
    const column = columns[index];
    if (!column) throw refused(place, 'column', `The result has no column "${condition.column}".`);
    const values = condition.value === undefined ? [] : [condition.value].flat();
    for (const value of values) {
      if (!isCanonical(value, column.type) && isCompared(condition.operator))
        throw refused(place, 'value', `"${value}" is not a value of the type ${column.type}.`);
      appender.appendInteger(place);
      appender.appendVarchar(value);
      appender.endRow();
    }
    return conditionSql(condition, place, `c${index}`, column.type);
  });
  appender.flushSync();
  appender.closeSync();
  return `coalesce(${parts.map((part) => `(${part})`).join(' AND ')}, false)`;
}

const numeric: readonly ColumnType[] = ['integer', 'decimal', 'float'];
const isNumeric = (type: ColumnType): boolean => numeric.includes(type);
const isCompared = (operator: FilterOperator): boolean =>
  operator !== 'contains' && operator !== 'starts_with';

const comparisons: Partial<Record<FilterOperator, string>> = {
  equals: '=',
  not_equals: '<>',
  less: '<',
  at_most: '<=',
  greater: '>',
  at_least: '>=',
};

function conditionSql(condition: RowCondition, place: number, cell: string, type: ColumnType): string {
  const values = `SELECT ${typed('value', type)} FROM filter_values WHERE place = ${place}`;
  const text = `(SELECT value FROM filter_values WHERE place = ${place})`;
  const comparison = comparisons[condition.operator];
  if (comparison) return `${typed(cell, type)} ${comparison} (${values})`;
  switch (condition.operator) {
    case 'in':
      return `${typed(cell, type)} IN (${values})`;
    case 'contains':
      return `contains(${cell}, ${text})`;
    case 'starts_with':
      return `starts_with(${cell}, ${text})`;
    case 'is_null':
      return `${cell} IS NULL`;
    default:
      return `${cell} IS NOT NULL`;
  }
}

/** Integers exactly, decimals and floats as doubles; canonical times sort as text, as all of a column have one form. */
const typed = (sql: string, type: ColumnType): string => {
  if (type === 'integer') return `TRY_CAST(${sql} AS HUGEINT)`;
  return isNumeric(type) ? `TRY_CAST(${sql} AS DOUBLE)` : sql;
};

const refused = (place: number, part: 'column' | 'value', message: string): SluiceError =>
  new SluiceError('input_invalid', message, { fields: { [`filter.${place}.${part}`]: message } });
