import { type Literal, type SourceSpeech, singleQuoted } from '../../../__tests__/source-speech.ts';
import { quoteIdentifier } from '../../sql-identifier.ts';

/** The questions in DuckDB's words; a source that DuckDB reads adds its table. */
export const duckSpeech = {
  literal: duckLiteral,
  typedNull: (kind) => `NULL::${types[kind]}`,
  quote: quoteIdentifier,
  numbers: (count) => `SELECT range AS n FROM range(1, ${count + 1})`,
  slow: 'SELECT count(*) AS n FROM range(100000000) AS a, range(100000000) AS b WHERE a.range + b.range = 7',
  forbidden: [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/*')",
    "COPY (SELECT 1 AS a) TO '/tmp/sluice-must-not-exist.csv'",
    "ATTACH '/tmp/sluice-must-not-exist.duckdb' AS other",
    'INSTALL httpfs',
    'LOAD httpfs',
    "SET memory_limit = '64GB'",
    'SET enable_external_access = true',
    'PRAGMA database_list',
    "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')",
    "SELECT * FROM read_csv('s3://bucket/x.csv')",
    "EXPORT DATABASE '/tmp/sluice-must-not-exist'",
  ],
} as const satisfies Partial<SourceSpeech>;

const types: Record<Literal['kind'], string> = {
  boolean: 'BOOLEAN',
  integer: 'BIGINT',
  decimal: 'DECIMAL(10,2)',
  float: 'DOUBLE',
  string: 'VARCHAR',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  instant: 'TIMESTAMPTZ',
  binary: 'BLOB',
  array: 'INTEGER[]',
  json: 'JSON',
};

const integers: Record<number, string> = {
  8: 'TINYINT',
  16: 'SMALLINT',
  32: 'INTEGER',
  64: 'BIGINT',
  128: 'HUGEINT',
};

function duckLiteral(value: Literal): string | null {
  switch (value.kind) {
    case 'boolean':
      return String(value.given);
    case 'integer': {
      const type = integers[value.bits];
      return type ? `'${value.given}'::${value.unsigned ? 'U' : ''}${type}` : null;
    }
    case 'decimal':
      return `'${value.given}'::DECIMAL(${value.precision},${value.scale})`;
    case 'float':
      return `'${value.given}'::${value.bits === 32 ? 'FLOAT' : 'DOUBLE'}`;
    case 'string':
      return singleQuoted(value.given);
    case 'date':
      return `DATE '${value.given}'`;
    case 'time':
      return `TIME '${value.given}'`;
    case 'timestamp':
      return `'${value.given}'::TIMESTAMP${value.digits === 9 ? '_NS' : ''}`;
    case 'instant':
      return `TIMESTAMPTZ '${value.given}'`;
    case 'binary':
      return `unhex('${value.given}')`;
    case 'array':
      return `${singleQuoted(value.given)}::JSON::${value.of === 'integer' ? 'BIGINT[]' : value.of === 'string' ? 'VARCHAR[]' : 'BIGINT[][]'}`;
    case 'json':
      return `${singleQuoted(value.given)}::JSON`;
  }
}
