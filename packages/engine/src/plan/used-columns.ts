import type { DestinationConnection } from '@sluice/connectors/kit/destination';
import { columnsOfTemplate } from '@sluice/connectors/kit/template';
import type { Column } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import type { SyncConfiguration } from '@sluice/domain/sync';

/** Which columns of a result a sync works with. */
export interface UsedColumns {
  /** Position and definition of the primary key in the result. */
  readonly key: { readonly index: number; readonly column: Column };
  /**
   * Other columns that decide whether a row has changed, in the order of the result. The ledger keeps them: removed rows
   * are found by them, a change is shown with what it replaces, and a run can be taken back.
   */
  readonly values: readonly { readonly index: number; readonly column: Column }[];
}

/**
 * Works out the used columns of a result. Throws `query_columns_duplicate`, `model_primary_key_missing` or
 * `model_column_missing`, naming the columns.
 */
export function usedColumns(
  columns: readonly Column[],
  primaryKey: string,
  configuration: SyncConfiguration,
  destination: Pick<DestinationConnection, 'columnsUsed' | 'columnsNamed' | 'columnsForRemoval'>,
): UsedColumns {
  const names = columns.map((column) => column.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new SluiceError('query_columns_duplicate', `Two columns of the result are named "${twice}".`);
  }
  const keyIndex = names.indexOf(primaryKey);
  const keyColumn = columns[keyIndex];
  if (!keyColumn) {
    throw new SluiceError(
      'model_primary_key_missing',
      `The result has no column "${primaryKey}", which is the primary key of the model.`,
      { details: { columns: names } },
    );
  }
  const used = union([
    destination.columnsForRemoval(configuration),
    configuration.matchKey ? [configuration.matchKey.from] : [],
    destination.columnsUsed(configuration),
    ...configuration.mappings.map(columnsOf),
  ]);
  assertComplete(names, [...(used === 'all' ? [] : used), ...namedColumns(configuration, destination)]);
  const values = columns
    .map((column, index) => ({ index, column }))
    .filter(({ index, column }) => index !== keyIndex && (used === 'all' || used.includes(column.name)));
  return {
    key: { index: keyIndex, column: keyColumn },
    values,
  };
}

/** Columns that a sync names, whatever else it may use. */
function namedColumns(
  configuration: SyncConfiguration,
  destination: Pick<DestinationConnection, 'columnsNamed'>,
): string[] {
  const mapped = configuration.mappings.map(columnsOf).filter((columns) => columns !== 'all');
  return [
    ...(configuration.matchKey ? [configuration.matchKey.from] : []),
    ...destination.columnsNamed(configuration),
    ...mapped.flat(),
  ];
}

function assertComplete(names: readonly string[], needed: readonly string[]): void {
  const missing = [...new Set(needed)].filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  const quoted = missing.map((name) => `"${name}"`).join(', ');
  throw new SluiceError(
    'model_column_missing',
    `The result no longer has ${missing.length === 1 ? 'the column' : 'the columns'} ${quoted}, which the sync uses.`,
    { details: { missing, columns: names } },
  );
}

function columnsOf(mapping: SyncConfiguration['mappings'][number]): readonly string[] | 'all' {
  if (mapping.type === 'column') return [mapping.from];
  return mapping.type === 'template' ? columnsOfTemplate(mapping.template) : [];
}

function union(lists: readonly (readonly string[] | 'all')[]): string[] | 'all' {
  const names = new Set<string>();
  for (const list of lists) {
    if (list === 'all') return 'all';
    for (const name of list) names.add(name);
  }
  return [...names];
}
