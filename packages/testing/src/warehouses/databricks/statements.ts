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

/** Words of Databricks that DuckDB does not have. */
export const preparations = [
  'CREATE MACRO sha2(x, bits) AS sha256(x::VARCHAR)',
  'CREATE MACRO unix_micros(x) AS epoch_us(x)',
  'CREATE MACRO xxhash64(x) AS hash(x)',
];

/** A named parameter of a statement. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
}

/** Runs a statement at the DuckDB behind the server. The dialect is DuckDB's, with names in backticks. */
export async function runStatement(
  database: DuckDatabase,
  text: string,
  chunkRows: number,
  parameters: readonly Parameter[] = [],
): Promise<StatementResult> {
  const sql = parameters.reduce(
    (whole, { name, value }) => whole.replace(`:${name}`, () => `'${value.replaceAll("'", "''")}'`),
    translated(text),
  );
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
      .replace(/\bTO_JSON\(((?:[^(),])*), MAP\('ignoreNullFields', 'false'\)\)/gi, 'to_json_with_nulls($1)')
      .replace(/\bTO_JSON\(/gi, 'json(')
      .replace(/to_json_with_nulls\(/g, 'to_json(')
      .replace(/'ARRAY<STRUCT<([^<>]*)>>'/g, (_all, fields: string) => `'[{${duckShape(fields)}}]'`)
      .replace(/\bEXPLODE\(/gi, 'unnest(')
  );
}

/** `a: STRING, b: STRING` as DuckDB wants the fields of a struct that it reads from JSON. */
const duckShape = (fields: string): string =>
  fields.replace(/(\w+): STRING/g, (_all, name: string) => `"${name}":"VARCHAR"`);

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
