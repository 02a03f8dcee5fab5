import type { DuckDatabase } from '../duck-database.ts';
import { arrowStream, cellSql, type ManifestColumn, manifestColumn } from './columns.ts';

/** What a statement gives, cut into parts. */
export interface StatementResult {
  readonly columns: readonly ManifestColumn[];
  readonly chunks: readonly { readonly rows: number; readonly bytes: Uint8Array }[];
  readonly rows: number;
}

/** A statement that failed, with the condition that Databricks puts in front of its words. */
export class StatementFailure extends Error {}

/** Runs a statement at the DuckDB behind the server. The dialect is DuckDB's, with names in backticks. */
export async function runStatement(
  database: DuckDatabase,
  text: string,
  chunkRows: number,
): Promise<StatementResult> {
  const sql = translated(text);
  try {
    const columns = await database.describe(sql);
    if (!/^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\()*(select|with|values)\b/i.test(sql)) {
      await database.rows(sql);
      return { columns: [], chunks: [], rows: 0 };
    }
    const names = columns.map((_, index) => `c${index}`);
    const cells = columns.map(({ type }, index) => cellSql(type, `c${index}`));
    const rows = await database.rows(
      `SELECT ${cells.join(', ')} FROM (${sql}\n) AS wire (${names.join(', ')})`,
    );
    const chunks = Array.from({ length: Math.ceil(rows.length / chunkRows) }, (_, index) => {
      const part = rows.slice(index * chunkRows, (index + 1) * chunkRows);
      return { rows: part.length, bytes: arrowStream(columns, part) };
    });
    return {
      columns: columns.map(({ name, type }, index) => manifestColumn(name, type, index)),
      chunks,
      rows: rows.length,
    };
  } catch (error) {
    throw failureOf(error);
  }
}

const part = '`((?:[^`]|``)+)`';

function translated(text: string): string {
  const name = (inner: string) => `"${inner.replaceAll('``', '`').replaceAll('"', '""')}"`;
  return (
    text
      .trim()
      .replace(/;\s*$/, '')
      // DuckDB has one information schema for all catalogs, and one catalog here.
      .replace(new RegExp(`${part}\\.information_schema\\.`, 'gi'), 'information_schema.')
      .replace(
        new RegExp(`${part}\\.${part}\\.${part}`, 'g'),
        (_all, _catalog, schema: string, table: string) => `${name(schema)}.${name(table)}`,
      )
      .replace(new RegExp(part, 'g'), (_all, inner: string) => name(inner))
      .replace(/\bTO_JSON\(/gi, 'json(')
  );
}

/** https://docs.databricks.com/aws/en/error-messages/error-classes (read 2026-11-22) */
function failureOf(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  const of = (condition: string, state: string) =>
    new StatementFailure(`[${condition}] ${message} SQLSTATE: ${state}`);
  if (/Table with name|Schema with name/.test(message)) return of('TABLE_OR_VIEW_NOT_FOUND', '42P01');
  if (/Referenced column/.test(message)) return of('UNRESOLVED_COLUMN.WITH_SUGGESTION', '42703');
  if (/Scalar Function|Table Function/.test(message)) return of('UNRESOLVED_ROUTINE', '42883');
  return of('PARSE_SYNTAX_ERROR', '42601');
}
