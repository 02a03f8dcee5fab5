import type { SchemaTable } from '@sluice/domain/connector';
import type { MysqlSession } from '../../kit/mysql/connection.ts';

/** Tables and views that the user may read, with their columns; at most 10,000, by database and name. */
export async function introspect(session: MysqlSession): Promise<SchemaTable[]> {
  const tables = await session.rows(tablesSql);
  const columns = await session.rows(columnsSql);
  const byTable = new Map<string, SchemaTable['columns'][number][]>();
  for (const [schema, table, name, type, key] of columns) {
    const list = byTable.get(`${schema}\0${table}`) ?? [];
    list.push({ name: name ?? '', nativeType: type ?? 'unknown', primaryKey: key === 'PRI' });
    byTable.set(`${schema}\0${table}`, list);
  }
  return tables.map(([schema, name, kind]) => ({
    schema: schema ?? '',
    name: name ?? '',
    kind: kind === 'VIEW' ? ('view' as const) : ('table' as const),
    columns: byTable.get(`${schema}\0${name}`) ?? [],
  }));
}

const system = `('information_schema', 'performance_schema', 'mysql', 'sys')`;

const tablesSql = `
  SELECT table_schema, table_name, table_type FROM information_schema.tables
  WHERE table_schema NOT IN ${system} AND table_type IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')
  ORDER BY table_schema, table_name LIMIT 10000`;

// Read whole and put together here: a join of these views opens every table more than once.
const columnsSql = `
  SELECT table_schema, table_name, column_name, column_type, column_key FROM information_schema.columns
  WHERE table_schema NOT IN ${system} ORDER BY table_schema, table_name, ordinal_position`;
