import type { SchemaTable } from '@sluice/domain/connector';
import type { SqlSession } from '../../kit/sql/engine.ts';
import { readAll } from '../../kit/sql/sql-source.ts';
import type { DatabricksSettings } from './configuration.ts';
import { quoteDatabricks } from './dialect.ts';

const tablesMax = 10_000;

interface Draft extends SchemaTable {
  readonly columns: SchemaTable['columns'][number][];
}

/** Tables and views of the catalog that may be read, with their columns; at most 10,000, by schema and name. */
export async function introspect(
  session: SqlSession,
  { catalog }: DatabricksSettings,
): Promise<SchemaTable[]> {
  const at = `${quoteDatabricks(catalog)}.information_schema`;
  const { rows } = await readAll(await session.query(columnsSql(at)));
  const keys = await readAll(await session.query(keysSql(at)));
  const primary = new Set(keys.rows.map(([schema, name, column]) => `${schema}\0${name}\0${column}`));
  const tables = new Map<string, Draft>();
  for (const [schema, name, kind, column, type] of rows) {
    const id = `${schema}\0${name}`;
    const table: Draft = tables.get(id) ?? {
      schema: schema ?? '',
      name: name ?? '',
      kind: /view/i.test(kind ?? '') ? 'view' : 'table',
      columns: [],
    };
    table.columns.push({
      name: column ?? '',
      nativeType: type ?? 'unknown',
      primaryKey: primary.has(`${id}\0${column}`),
    });
    tables.set(id, table);
  }
  return [...tables.values()].slice(0, tablesMax);
}

/** https://docs.databricks.com/aws/en/sql/language-manual/information-schema/columns (read 2026-11-22) */
const columnsSql = (at: string): string => `
  SELECT t.table_schema, t.table_name, t.table_type, c.column_name, c.data_type
  FROM ${at}.tables AS t
  JOIN ${at}.columns AS c ON c.table_schema = t.table_schema AND c.table_name = t.table_name
  WHERE t.table_schema <> 'information_schema'
  ORDER BY t.table_schema, t.table_name, c.ordinal_position`;

/** Nothing enforces them in Databricks, but they say what was meant. */
const keysSql = (at: string): string => `
  SELECT k.table_schema, k.table_name, k.column_name
  FROM ${at}.key_column_usage AS k
  JOIN ${at}.table_constraints AS p ON p.constraint_name = k.constraint_name
    AND p.table_schema = k.table_schema AND p.table_name = k.table_name
  WHERE p.constraint_type = 'PRIMARY KEY'`;
