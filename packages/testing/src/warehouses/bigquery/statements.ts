import type { DuckDatabase } from '../duck-database.ts';
import { type WireField, wireCell, wireField } from './cells.ts';

/** What a statement is and gives. */
export interface Described {
  readonly statementType: string;
  readonly fields: readonly WireField[];
  /** As DuckDB names them. */
  readonly types: readonly string[];
  /** In DuckDB's own dialect. */
  readonly sql: string;
}

/** A refusal in BigQuery's words. */
export class BigQueryRefusal extends Error {
  readonly status: number;
  readonly reason: string;
  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** Words of BigQuery that DuckDB does not have. */
export const preparations = [
  // A document has one text, whether it is asked for or travels as it is.
  "CREATE MACRO to_json_string(x) AS CASE WHEN typeof(x) = 'JSON' THEN x::VARCHAR ELSE to_json(x)::VARCHAR END",
  'CREATE MACRO st_astext(x) AS x::VARCHAR',
  'CREATE MACRO unix_micros(x) AS epoch_us(x)',
  // Types that DuckDB does not have travel as a struct that `cells.ts` knows by the name of its field.
  "CREATE MACRO geography(x) AS {'__GEOGRAPHY': x}",
  "CREATE MACRO date_range(x) AS {'__RANGE_DATE': x}",
  "CREATE MACRO timestamp_range(x) AS {'__RANGE_TIMESTAMP': x}",
];

/** A named parameter of a statement, as a request has it. */
export interface Parameter {
  readonly name: string;
  readonly parameterValue: { readonly value?: string };
}

/** Says what a statement is. The dialect is DuckDB's, with names quoted as BigQuery quotes them. */
export async function describeStatement(
  database: DuckDatabase,
  text: string,
  parameters: readonly Parameter[] = [],
): Promise<Described> {
  await refuseMissingDatasets(database, text);
  const sql = parameters.reduce(
    (whole, { name, parameterValue: { value = '' } }) =>
      whole.replace(`@${name}`, () => `'${value.replaceAll("'", "''")}'`),
    translated(text),
  );
  if (/;\s*\S/.test(sql.replace(quotedOrComment, ' ')))
    return { statementType: 'SCRIPT', fields: [], types: [], sql };
  const word = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\()*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? '';
  const reads = ['SELECT', 'WITH', 'VALUES', 'FROM'].includes(word);
  try {
    const columns = await database.describe(sql);
    // What begins with WITH may still write: it is no subquery then.
    if (reads) await database.describe(`SELECT 1 FROM (${sql}\n) AS described`);
    if (!reads) return { statementType: word, fields: [], types: [], sql };
    const seen = new Set<string>();
    for (const { name } of columns) {
      if (seen.has(name.toLowerCase()))
        throw new BigQueryRefusal(
          400,
          'invalidQuery',
          `Duplicate column names in the result are not supported when a destination table is present. Found duplicate(s): ${name}`,
        );
      seen.add(name.toLowerCase());
    }
    return {
      statementType: 'SELECT',
      fields: columns.map(({ name, type }) => wireField(name, type)),
      types: columns.map(({ type }) => type),
      sql,
    };
  } catch (error) {
    throw refusalOf(error);
  }
}

/** The rows of a statement that was described. */
export async function runDescribed(
  database: DuckDatabase,
  { statementType, sql, types }: Described,
): Promise<unknown[]> {
  try {
    const rows = (await database.rows(sql)) as unknown[][];
    if (statementType !== 'SELECT') return [];
    return rows.map((row) => ({
      f: row.map((value, index) => ({ v: wireCell(value, types[index] ?? 'VARCHAR') })),
    }));
  } catch (error) {
    throw refusalOf(error);
  }
}

/** Views of a dataset that is not there are not there either. */
async function refuseMissingDatasets(database: DuckDatabase, text: string): Promise<void> {
  for (const [, project, dataset = ''] of text.matchAll(schemaView)) {
    const found = await database.rows(
      `SELECT 1 FROM duckdb_schemas() WHERE schema_name = '${dataset.replaceAll("'", "''")}'`,
    );
    if (found.length === 0)
      throw new BigQueryRefusal(
        404,
        'notFound',
        `Not found: Dataset ${project}:${dataset} was not found in location EU`,
      );
  }
}

const quotedOrComment = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g;
const part = '`((?:[^`\\\\]|\\\\.)+)`';
const schemaView = new RegExp(`${part}\\.${part}\\.INFORMATION_SCHEMA\\.(\\w+)`, 'gi');
const wholeName = new RegExp(`${part}\\.${part}\\.${part}`, 'g');

function translated(text: string): string {
  const quoted = (name: string) => `"${name.replace(/\\(.)/g, '$1').replaceAll('"', '""')}"`;
  return text
    .trim()
    .replace(/;\s*$/, '')
    .replace(
      schemaView,
      (_all, _project, dataset: string, view: string) =>
        `(SELECT * FROM information_schema.${view} WHERE table_schema = '${dataset.replaceAll("'", "''")}')`,
    )
    .replace(
      wholeName,
      (_all, _project, dataset: string, table: string) => `${quoted(dataset)}.${quoted(table)}`,
    )
    .replace(new RegExp(part, 'g'), (_all, name: string) => quoted(name))
    .replaceAll('TO_HEX(SHA256(', 'sha256((')
    .replaceAll("FORMAT('%.17g',", "printf('%.17g',")
    .replaceAll('JSON_VALUE(', 'json_extract_string(')
    .replace(
      /FROM UNNEST\(JSON_QUERY_ARRAY\((@\w+)\)\) AS (\w+)/,
      "FROM (SELECT unnest(json_extract($1, '$[*]')) AS $2)",
    );
}

function refusalOf(error: unknown): Error {
  if (error instanceof BigQueryRefusal) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/Table with name|Schema with name/.test(message))
    return new BigQueryRefusal(404, 'notFound', `Not found: ${message} was not found in location EU`);
  return new BigQueryRefusal(400, 'invalidQuery', message);
}
