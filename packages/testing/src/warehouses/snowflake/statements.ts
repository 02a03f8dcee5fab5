import type { DuckDatabase } from '../duck-database.ts';
import { wireCell, wireType } from './cells.ts';

/** What a statement came to. */
export interface WireResult {
  readonly rowtype: Record<string, unknown>[];
  readonly rows: (string | null)[][];
  readonly statementTypeId: number;
  /** Session parameters that it set. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A refusal in Snowflake's numbers. */
export class SnowflakeRefusal extends Error {
  readonly code: string;
  readonly sqlState: string;
  constructor(code: string, sqlState: string, message: string) {
    super(message);
    this.code = code;
    this.sqlState = sqlState;
  }
}

/** Words of Snowflake that DuckDB does not have. */
export const preparations = [
  'CREATE MACRO sha2(x, bits) AS sha256(x::VARCHAR)',
  'CREATE MACRO to_variant(x) AS x',
  'CREATE MACRO hex_encode(x) AS hex(x)',
];

/** Values for the `?` of a statement, by position: those of all rows, as text. */
export type Bindings = Readonly<Record<string, { readonly value: readonly (string | null)[] }>>;

/** Runs a statement of a session at the DuckDB behind it. The dialect is DuckDB's, with a few words of Snowflake's. */
export async function runStatement(
  database: DuckDatabase,
  text: string,
  bindings: Bindings = {},
): Promise<WireResult> {
  // DuckDB has one information schema for all databases.
  const sql = withRows(
    text
      .trim()
      .replaceAll(/"[^"]+"\.information_schema\./gi, 'information_schema.')
      // DuckDB has no tables that are kept for less time than others.
      .replace(/^(create (?:or replace )?)transient (?=table)/i, '$1'),
    bindings,
  );
  if (/^alter session set/i.test(sql)) return sessionParameters(sql);
  if (/^show primary keys/i.test(sql)) return primaryKeys(database);
  try {
    if ((await database.count(sql)) !== 1) {
      throw new SnowflakeRefusal(
        '000008',
        '0A000',
        'Actual statement count 2 did not match the desired statement count 1.',
      );
    }
    const columns = await database.describe(sql);
    if (!/^(select|with|values|\()/i.test(sql.replace(/^(\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, ''))) {
      await database.rows(sql);
      return { ...done, statementTypeId: 24_576 };
    }
    const names = columns.map((_, index) => `c${index}`);
    const cells = columns.map(({ type }, index) => wireCell(type, `c${index}`));
    const rows = await database.rows(
      `SELECT ${cells.join(', ')} FROM (${sql}\n) AS wire (${names.join(', ')})`,
    );
    const rowtype = columns.map(({ name, type }) => ({
      name,
      nullable: true,
      length: null,
      ...wireType(type),
    }));
    return { rowtype, rows, statementTypeId: 4_096, parameters: {} };
  } catch (error) {
    throw refusalOf(error);
  }
}

/** `VALUES (?, ?)` with the rows themselves: the statement runs once for each, as one. */
function withRows(sql: string, bindings: Bindings): string {
  const columns = Object.keys(bindings)
    .sort((a, b) => Number(a) - Number(b))
    .map((place) => bindings[place]?.value ?? []);
  if (columns.length === 0) return sql;
  const literal = (cell: string | null | undefined): string =>
    cell === null || cell === undefined ? 'NULL' : `'${cell.replaceAll("'", "''")}'`;
  const rows = (columns[0] ?? []).map(
    (_, row) => `(${columns.map((cells) => literal(cells[row])).join(', ')})`,
  );
  return sql.replace(/\(\s*\?(?:\s*,\s*\?)*\s*\)$/, () => rows.join(', '));
}

const done: WireResult = {
  rowtype: [{ name: 'status', type: 'text', nullable: true, scale: null, precision: null }],
  rows: [['Statement executed successfully.']],
  statementTypeId: 16_384,
  parameters: {},
};

function sessionParameters(sql: string): WireResult {
  const found = [...sql.matchAll(/([A-Z_]+)\s*=\s*(?:'((?:[^']|'')*)'|(\w+))/gi)];
  const parameters = Object.fromEntries(
    found.map(([, name = '', quoted, bare]) => [
      name.toUpperCase(),
      quoted?.replaceAll("''", "'") ?? bare ?? '',
    ]),
  );
  return { ...done, parameters };
}

async function primaryKeys(database: DuckDatabase): Promise<WireResult> {
  const rows = await database.rows(
    `SELECT '2026-01-01', database_name, schema_name, table_name, unnest(constraint_column_names), '1'
     FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'`,
  );
  const names = ['created_on', 'database_name', 'schema_name', 'table_name', 'column_name', 'key_sequence'];
  return {
    rowtype: names.map((name) => ({ name, type: 'text', nullable: true, scale: null, precision: null })),
    rows,
    statementTypeId: 16_384,
    parameters: {},
  };
}

function refusalOf(error: unknown): Error {
  if (error instanceof SnowflakeRefusal) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/Table with name|Catalog Error: Table|does not exist/.test(message)) {
    return new SnowflakeRefusal('002003', '02000', `SQL compilation error:\n${message} or not authorized.`);
  }
  if (/Binder Error: Referenced column/.test(message)) {
    return new SnowflakeRefusal('000904', '42000', `SQL compilation error: invalid identifier\n${message}`);
  }
  if (/duplicate/i.test(message)) {
    return new SnowflakeRefusal(
      '002028',
      '42601',
      `SQL compilation error: ambiguous column name\n${message}`,
    );
  }
  return new SnowflakeRefusal('001003', '42000', `SQL compilation error:\n${message}`);
}
