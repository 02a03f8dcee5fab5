import type { SchemaTable } from '@sluice/domain/connector';
import type { PgSession } from '../../kit/pg-connection.ts';

const tablesMax = 10_000;

interface Draft extends SchemaTable {
  readonly columns: SchemaTable['columns'][number][];
}

/** Tables and views that the user may read, late-binding ones too, with their columns; at most 10,000, by schema and name. */
export async function introspect(session: PgSession): Promise<SchemaTable[]> {
  const kinds = new Map(
    (await session.queryText(tablesSql)).map(([schema, name, kind]) => [`${schema}\0${name}`, kind ?? '']),
  );
  const primary = new Set(
    (await session.queryText(keysSql)).map(([schema, name, column]) => `${schema}\0${name}\0${column}`),
  );
  const tables = new Map<string, Draft>();
  for (const [schema, name, column, type] of await session.queryText(columnsSql)) {
    const id = `${schema}\0${name}`;
    const table: Draft = tables.get(id) ?? {
      schema: schema ?? '',
      name: name ?? '',
      // A late-binding view is in no other catalogue than that of columns.
      kind: /table/i.test(kinds.get(id) ?? 'view') ? 'table' : 'view',
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

const own = `('pg_catalog', 'information_schema', 'pg_internal', 'pg_automv')`;

/** https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_TABLES.html (read 2026-11-22) */
const tablesSql = `SELECT table_schema, table_name, table_type FROM svv_tables WHERE table_schema NOT IN ${own}`;

/** With late-binding views: https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_COLUMNS.html (read 2026-11-22) */
const columnsSql = `
  SELECT table_schema, table_name, column_name, data_type FROM svv_columns
  WHERE table_schema NOT IN ${own} ORDER BY table_schema, table_name, ordinal_position`;

/** Nothing enforces them in Redshift, but they say what was meant. */
const keysSql = `
  SELECT space.nspname, class.relname, attribute.attname
  FROM pg_constraint AS con
  JOIN pg_class AS class ON class.oid = con.conrelid
  JOIN pg_namespace AS space ON space.oid = class.relnamespace
  JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid AND attribute.attnum = ANY (con.conkey)
  WHERE con.contype = 'p'`;
