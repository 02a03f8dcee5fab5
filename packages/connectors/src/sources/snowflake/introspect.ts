import type { SchemaTable } from '@sluice/domain/connector';
import type { SqlSession } from '../../kit/sql/engine.ts';
import { readAll } from '../../kit/sql/sql-source.ts';
import { quoteIdentifier } from '../../kit/sql-identifier.ts';
import type { SnowflakeSettings } from './configuration.ts';

/** Tables and views of the database that the role may read, with their columns; at most 10,000, by schema and name. */
export async function introspect(session: SqlSession, settings: SnowflakeSettings): Promise<SchemaTable[]> {
  const database = quoteIdentifier(settings.database);
  const { rows } = await readAll(await session.query(columnsSql(database)));
  const keys = await primaryKeys(session, database);
  const tables = new Map<
    string,
    { schema: string; name: string; kind: 'table' | 'view'; columns: SchemaTable['columns'][number][] }
  >();
  for (const [schema, name, kind, column, type] of rows) {
    const id = `${schema}\0${name}`;
    const table = tables.get(id) ?? {
      schema: schema ?? '',
      name: name ?? '',
      kind: /view/i.test(kind ?? '') ? ('view' as const) : ('table' as const),
      columns: [],
    };
    table.columns.push({
      name: column ?? '',
      nativeType: type ?? 'unknown',
      primaryKey: keys.has(`${id}\0${column}`),
    });
    tables.set(id, table);
  }
  return [...tables.values()].slice(0, tablesMax);
}

const tablesMax = 10_000;

const columnsSql = (database: string): string => `
  SELECT t.table_schema, t.table_name, t.table_type, c.column_name, c.data_type
  FROM ${database}.information_schema.tables AS t
  JOIN ${database}.information_schema.columns AS c
    ON c.table_schema = t.table_schema AND c.table_name = t.table_name
  WHERE UPPER(t.table_schema) <> 'INFORMATION_SCHEMA'
  ORDER BY t.table_schema, t.table_name, c.ordinal_position`;

/** Nothing enforces them in Snowflake, but they say what was meant. Needs no warehouse. */
async function primaryKeys(session: SqlSession, database: string): Promise<Set<string>> {
  const { columns, rows } = await readAll(await session.query(`SHOW PRIMARY KEYS IN DATABASE ${database}`));
  const at = (name: string) => columns.findIndex((column) => column.name.toLowerCase() === name);
  const [schema, table, column] = [at('schema_name'), at('table_name'), at('column_name')];
  return new Set(rows.map((row) => `${row[schema]}\0${row[table]}\0${row[column]}`));
}
