import type { SchemaTable } from '@sluice/domain/connector';
import { SluiceError } from '@sluice/domain/error';
import type { Reader } from './reader/start-reader.ts';

const tablesMax = 10_000;

/** Tables and views of the file, with their columns, by name; at most 10,000. A view that no longer works is passed over. */
export async function introspect(reader: Reader): Promise<SchemaTable[]> {
  const rows = async (sql: string) => {
    const found: (string | null)[][] = [];
    for await (const line of (await reader.read({ ask: 'rows', sql, own: true })).progress)
      if (typeof line !== 'number') for (const row of line) found.push([...row]);
    return found;
  };
  const tables: SchemaTable[] = [];
  for (const [name, kind] of await rows(tablesSql)) {
    const columns = await rows(columnsSql(name ?? '')).catch((thrown: unknown) => {
      if (thrown instanceof SluiceError && thrown.code === 'query_invalid') return [];
      throw thrown;
    });
    if (columns.length === 0) continue;
    tables.push({
      schema: 'main',
      name: name ?? '',
      kind: kind === 'view' ? 'view' : 'table',
      columns: columns.map(([column, type, key]) => ({
        name: column ?? '',
        nativeType: type?.toLowerCase() || 'any',
        primaryKey: key !== '0',
      })),
    });
  }
  return tables;
}

/** Without SQLite's own, and the tables behind full-text and other indexes. https://sqlite.org/pragma.html#pragma_table_list (read 2026-11-22) */
const tablesSql = `SELECT name, type FROM pragma_table_list
  WHERE schema = 'main' AND type IN ('table', 'view', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
  ORDER BY name LIMIT ${tablesMax}`;

/** Generated columns too, but not those that virtual tables hide. */
const columnsSql = (table: string): string =>
  `SELECT name, type, pk FROM pragma_table_xinfo('${table.replaceAll("'", "''")}') WHERE hidden <> 1 ORDER BY cid`;
