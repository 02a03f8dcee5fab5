import type { TableRow } from './planner-world.ts';

/** Columns of the test table in DuckDB, which stands behind servers that speak a vendor's wire. */
const tableColumns = {
  id: 'VARCHAR',
  mail: 'VARCHAR',
  amount: 'DECIMAL(38,4)',
  big: 'BIGINT',
  ratio: 'DOUBLE',
  at: 'TIMESTAMPTZ',
  day: 'TIMESTAMP',
  raw: 'BLOB',
  doc: 'JSON',
  tags: 'VARCHAR[]',
  flag: 'BOOLEAN',
  body: 'VARCHAR',
} as const;

/** The model's table, written by way of `run`; `without` columns whose types a source does not compare. */
export function duckTable(run: (sql: string) => Promise<unknown>, without: readonly string[] = []) {
  const taken = Object.entries(tableColumns).filter(([name]) => !without.includes(name));
  const columns = taken.map(([name]) => name);
  const definitions = taken.map(([name, type]) => `"${name}" ${type}`);
  const literal = (text: string | null | undefined, type: string): string => {
    if (text === null || text === undefined) return 'NULL';
    return type === 'BLOB' ? `unhex('${text.slice(2)}')` : `'${text.replaceAll("'", "''")}'::${type}`;
  };
  return {
    columns,
    create: () => run(`CREATE TABLE main.things (${definitions.join(', ')})`),
    async setRows(rows: readonly TableRow[]): Promise<void> {
      await run('DELETE FROM main.things');
      if (rows.length === 0) return;
      const values = rows.map(
        (row) => `(${taken.map(([name, type]) => literal(row[name], type)).join(', ')})`,
      );
      await run(`INSERT INTO main.things VALUES ${values.join(', ')}`);
    },
  };
}
