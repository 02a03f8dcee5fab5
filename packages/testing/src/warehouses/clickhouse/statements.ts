import type { DuckDatabase } from '../duck-database.ts';
import { wireCell, wireType } from './cells.ts';

/** Rows whose cells are JSON texts. */
export interface Rows {
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly (string | null)[][];
}

/** A refusal in ClickHouse's numbers. */
export class ClickHouseRefusal extends Error {
  readonly code: number;
  readonly type: string;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
    this.type = types[code] ?? 'UNKNOWN_EXCEPTION';
  }
}

const types: Readonly<Record<number, string>> = {
  46: 'UNKNOWN_FUNCTION',
  47: 'UNKNOWN_IDENTIFIER',
  60: 'UNKNOWN_TABLE',
  62: 'SYNTAX_ERROR',
  73: 'UNKNOWN_FORMAT',
  164: 'READONLY',
  179: 'MULTIPLE_EXPRESSIONS_FOR_ALIAS',
  394: 'QUERY_WAS_CANCELLED',
  516: 'AUTHENTICATION_FAILED',
};

/** What a connector asks of ClickHouse's catalogue and functions. */
export const preparations = [
  'CREATE MACRO toString(x) AS x::VARCHAR',
  'CREATE SCHEMA clickhouse_system',
  `CREATE VIEW clickhouse_system.tables AS
   SELECT schema_name AS database, table_name AS name, 'MergeTree' AS engine, temporary AS is_temporary FROM duckdb_tables()`,
  `CREATE VIEW clickhouse_system.columns AS
   SELECT c.schema_name AS database, c.table_name AS "table", c.column_name AS name, c.data_type AS type,
     c.column_index AS position, coalesce(list_contains(k.constraint_column_names, c.column_name), false)::INTEGER AS is_in_primary_key
   FROM duckdb_columns() AS c JOIN duckdb_tables() AS t USING (schema_name, table_name)
   LEFT JOIN (SELECT * FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY') AS k USING (schema_name, table_name)`,
];

const tokens =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|`((?:[^`\\]|\\.)*)`|\bsystem\.(?=tables|columns)/g;

/** DuckDB's SQL of a statement: names are quoted otherwise, and the catalogue has another name. */
const translated = (text: string): string =>
  text.replace(tokens, (found, name: string | undefined) => {
    if (name !== undefined) return `"${name.replace(/\\(.)/g, '$1').replaceAll('"', '""')}"`;
    return found === 'system.' ? 'clickhouse_system.' : found;
  });

/** Runs a statement that reads, at the DuckDB behind the server. */
export async function runStatement(database: DuckDatabase, text: string): Promise<Rows> {
  const described = /^DESCRIBE TABLE \(\n([\s\S]*)\n\)$/.exec(text)?.[1];
  const sql = translated(described ?? text);
  try {
    if ((await database.count(sql)) !== 1)
      throw new ClickHouseRefusal(62, 'Syntax error: multi-statements are not allowed');
    const columns = await database.describe(sql);
    // Only what reads can be a subquery.
    await database.describe(`SELECT 1 FROM (${sql}\n) AS read`);
    const names = columns.map(({ name }) => name);
    if (new Set(names).size < names.length)
      throw new ClickHouseRefusal(179, 'Different expressions with the same alias');
    if (described !== undefined) {
      const rows = columns.map(({ name, type }) =>
        [name, wireType(type)].map((cell) => JSON.stringify(cell)),
      );
      return { names: ['name', 'type'], types: ['String', 'String'], rows };
    }
    const own = columns.map((_, index) => `c${index}`);
    const cells = columns.map(({ type }, index) => wireCell(type, `c${index}`));
    const rows = await database.rows(
      `SELECT ${cells.join(', ')} FROM (${sql}\n) AS wire (${own.join(', ')})`,
    );
    return { names, types: columns.map(({ type }) => wireType(type)), rows };
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(error: unknown): Error {
  if (error instanceof ClickHouseRefusal) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/Table with name|does not exist.*table/i.test(message)) return new ClickHouseRefusal(60, message);
  if (/Function with name/.test(message)) return new ClickHouseRefusal(46, message);
  if (/Binder Error/.test(message)) return new ClickHouseRefusal(47, message);
  return new ClickHouseRefusal(62, `Syntax error: ${message}`);
}
