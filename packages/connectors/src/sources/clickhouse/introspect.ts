import type { SchemaTable } from '@sluice/domain/connector';
import type { SqlSession } from '../../kit/sql/engine.ts';
import { readAll } from '../../kit/sql/sql-source.ts';

const system = `('system', 'information_schema', 'INFORMATION_SCHEMA')`;

/**
 * Tables and views that the user may read, with their columns. What ClickHouse calls the primary key orders the rows; it
 * is shown as the likely key although nothing keeps it unique.
 */
export async function introspect(session: SqlSession): Promise<SchemaTable[]> {
  const tables = await readAll(
    await session.query(
      `SELECT database, name, engine LIKE '%View' FROM system.tables
       WHERE database NOT IN ${system} AND NOT is_temporary ORDER BY database, name LIMIT 10000`,
    ),
  );
  const columns = await readAll(
    await session.query(
      `SELECT database, \`table\`, name, type, is_in_primary_key FROM system.columns
       WHERE database NOT IN ${system} ORDER BY database, \`table\`, position`,
    ),
  );
  const byTable = new Map<string, SchemaTable['columns'][number][]>();
  for (const [database, table, name, type, key] of columns.rows) {
    const list = byTable.get(`${database}\0${table}`) ?? [];
    list.push({ name: name ?? '', nativeType: type ?? 'unknown', primaryKey: key === '1' });
    byTable.set(`${database}\0${table}`, list);
  }
  return tables.rows.map(([schema, name, view]) => ({
    schema: schema ?? '',
    name: name ?? '',
    kind: view === '1' || view === 'true' ? ('view' as const) : ('table' as const),
    columns: byTable.get(`${schema}\0${name}`) ?? [],
  }));
}
