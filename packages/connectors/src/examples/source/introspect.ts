import type { SchemaTable } from '@sluice/domain/connector';
import type { SqlSession } from '../../kit/sql/engine.ts';
import { readAll } from '../../kit/sql/sql-source.ts';

/** Tables and views that the token may read, at most 10,000, with their columns. */
export async function introspect(session: SqlSession): Promise<SchemaTable[]> {
  const { rows } = await readAll(
    await session.query(
      `SELECT c.table_schema, c.table_name, t.table_type = 'VIEW', c.column_name, c.data_type
       FROM information_schema.columns AS c JOIN information_schema.tables AS t USING (table_schema, table_name)
       ORDER BY c.table_schema, c.table_name, c.ordinal_position`,
    ),
  );
  const tables = new Map<string, SchemaTable>();
  for (const [schema, name, view, column, nativeType] of rows as string[][]) {
    const id = `${schema}\0${name}`;
    const table = tables.get(id) ?? {
      schema: schema ?? '',
      name: name ?? '',
      kind: view === 'true' ? ('view' as const) : ('table' as const),
      columns: [],
    };
    const columns = [
      ...table.columns,
      { name: column ?? '', nativeType: nativeType ?? '', primaryKey: false },
    ];
    tables.set(id, { ...table, columns });
  }
  return [...tables.values()].slice(0, 10_000);
}
