import type { DestinationField, DestinationObject, DestinationObjectDetail } from '@sluice/domain/connector';
import { SluiceError } from '@sluice/domain/error';
import type { SyncModeId } from '@sluice/domain/sync-mode';
import type { MysqlSession } from '../../kit/mysql/connection.ts';

/** A column of a table that may be written. */
export interface TableColumn {
  readonly name: string;
  /** As people know it: `varchar(20)`. */
  readonly nativeType: string;
  /** `data_type` of the information schema: `varchar`, `datetime`. */
  readonly dataType: string;
  readonly nullable: boolean;
  /** A new row can do without it. */
  readonly hasDefault: boolean;
  readonly generated: boolean;
  /** Under a unique index of its own. */
  readonly unique: boolean;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly TableColumn[];
}

export const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** Records can only be found again by a unique column: without one a table takes inserts only. */
const modesOf = (matchable: boolean): SyncModeId[] =>
  matchable ? ['upsert', 'insert', 'update', 'mirror'] : ['insert'];

/** Tables of the database, at most 10,000. */
export async function listTables(session: MysqlSession): Promise<DestinationObject[]> {
  const rows = await session.rows(`
    SELECT t.table_name, EXISTS (${uniqueColumns('t.table_name')}) FROM information_schema.tables t
    WHERE t.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' ORDER BY t.table_name LIMIT 10000`);
  return rows.map(([name, matchable]) => ({
    id: name ?? '',
    label: name ?? '',
    modes: modesOf(matchable === '1'),
  }));
}

/** Reads a table's columns. Throws `destination_object_missing`. */
export async function loadTable(session: MysqlSession, name: string): Promise<Table> {
  const columns = await session.rows(
    `SELECT column_name, column_type, data_type, is_nullable, column_default, extra FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position`,
    [name],
  );
  if (columns.length === 0) {
    throw new SluiceError('destination_object_missing', `The database has no table "${name}".`);
  }
  const unique = new Set((await session.rows(uniqueColumns('?'), [name])).map(([column]) => column));
  return {
    name,
    columns: columns.map(([column, nativeType, dataType, nullable, preset, extra]) => ({
      name: column ?? '',
      nativeType: nativeType ?? 'unknown',
      dataType: (dataType ?? '').toLowerCase(),
      nullable: nullable === 'YES',
      hasDefault: preset !== null || /auto_increment|DEFAULT_GENERATED/i.test(extra ?? ''),
      generated: /(VIRTUAL|STORED|PERSISTENT) GENERATED|GENERATED ALWAYS/i.test(extra ?? ''),
      unique: unique.has(column ?? ''),
    })),
  };
}

/** Columns that are alone under a unique index. */
const uniqueColumns = (table: string): string => `
  SELECT MAX(s.column_name) FROM information_schema.statistics s
  WHERE s.table_schema = DATABASE() AND s.table_name = ${table} AND s.non_unique = 0
  GROUP BY s.index_name HAVING COUNT(*) = 1 AND MAX(s.sub_part) IS NULL`;

/** A table as the sync wizard shows it. */
export function describeTable(table: Table): DestinationObjectDetail {
  return {
    id: table.name,
    label: table.name,
    modes: modesOf(table.columns.some(({ unique }) => unique)),
    mapping: 'fields',
    deleteBehaviours: ['nothing', 'clear', 'delete'],
    fields: table.columns.map((column) => ({
      name: column.name,
      label: column.name,
      type: fieldType(column),
      nativeType: column.nativeType,
      required: !column.nullable && !column.hasDefault && !column.generated,
      readOnly: column.generated,
      matchable: column.unique,
    })),
  };
}

function fieldType({ dataType, nativeType }: TableColumn): DestinationField['type'] {
  if (nativeType === 'tinyint(1)' || nativeType === 'bit(1)') return 'boolean';
  return types[dataType] ?? 'string';
}

const types: Record<string, DestinationField['type']> = {
  ...Object.fromEntries(
    ['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal', 'float', 'double', 'year', 'bit'].map(
      (name) => [name, 'number' as const],
    ),
  ),
  ...Object.fromEntries(
    ['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob'].map((name) => [
      name,
      'binary' as const,
    ]),
  ),
  date: 'date',
  datetime: 'datetime',
  timestamp: 'datetime',
  json: 'json',
};
