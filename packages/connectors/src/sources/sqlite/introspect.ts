import type { SchemaTable } from '@sluice/domain/connector';
import { SluiceError } from '@sluice/domain/error';
import type { Reader } from './reader/start-reader.ts';

const tablesMax = 10_000;

/** Tables and views of the file, with their columns, by name; at most 10,000. A view that no longer works is passed over. */
export async function introspect(reader: Reader): Promise<SchemaTable[]> {
  // One question for all, unless a view that no longer works spoils the answer.
  return (await passOver(readTables(reader, columnsSql))) ?? (await eachTable(reader));
}

async function eachTable(reader: Reader): Promise<SchemaTable[]> {
  const tables: SchemaTable[] = [];
  for (const [name = null] of await rowsOf(reader, tablesSql)) {
    const sql = `${columnsSql} AND listed.name = '${(name ?? '').replaceAll("'", "''")}'`;
    tables.push(...((await passOver(readTables(reader, sql))) ?? []));
  }
  return tables;
}

/** What was read; `null` where SQLite refuses the question. */
async function passOver<Result>(read: Promise<Result>): Promise<Result | null> {
  return read.catch((thrown: unknown) => {
    if (thrown instanceof SluiceError && thrown.code === 'query_invalid') return null;
    throw thrown;
  });
}

async function readTables(reader: Reader, sql: string): Promise<SchemaTable[]> {
  const tables = new Map<string, SchemaTable & { columns: SchemaTable['columns'][number][] }>();
  for (const [table, kind, column, type, key] of await rowsOf(reader, sql)) {
    const name = table ?? '';
    const known = tables.get(name) ?? {
      schema: 'main',
      name,
      kind: kind === 'view' ? 'view' : 'table',
      columns: [],
    };
    tables.set(name, known);
    known.columns.push({
      name: column ?? '',
      nativeType: type?.toLowerCase() || 'any',
      primaryKey: key !== '0',
    });
  }
  return [...tables.values()];
}

async function rowsOf(reader: Reader, sql: string): Promise<(readonly (string | null)[])[]> {
  const found: (readonly (string | null)[])[] = [];
  for await (const line of (await reader.read({ ask: 'rows', sql, own: true })).progress)
    if (typeof line !== 'number') for (const row of line) found.push(row);
  return found;
}

/** Without SQLite's own, and the tables behind full-text and other indexes. https://sqlite.org/pragma.html#pragma_table_list (read 2026-11-22) */
const tablesSql = `SELECT name, type FROM pragma_table_list
  WHERE schema = 'main' AND type IN ('table', 'view', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
  ORDER BY name LIMIT ${tablesMax}`;

/** Generated columns too, but not those that virtual tables hide. Tables by name, columns in their order. */
const columnsSql = `SELECT listed.name, listed.type, x.name, x.type, x.pk
  FROM (${tablesSql}) AS listed CROSS JOIN pragma_table_xinfo(listed.name, 'main') AS x WHERE x.hidden <> 1`;
