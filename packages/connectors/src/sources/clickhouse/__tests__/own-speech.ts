import { type Literal, type SourceSpeech, singleQuoted } from '../../../__tests__/source-speech.ts';
import { quoteClickHouse } from '../dialect.ts';

/** The questions in ClickHouse's own words, for a real server (`TEST_CLICKHOUSE_URL`). */
export const ownSpeech: SourceSpeech = {
  literal,
  typedNull: (kind) => (types[kind] ? `CAST(NULL AS Nullable(${types[kind]}))` : null),
  quote: quoteClickHouse,
  numbers: (count) => `SELECT number + 1 AS n FROM numbers(${count})`,
  slow: null,
  otherwise: {
    'document {"a":{"d":null,"c":[true,false]}}': {
      text: '{"a": {"c": [true, false]}}',
      because: 'ClickHouse keeps no keys without a value.',
    },
  },
  // Made with: CREATE DATABASE q; CREATE TABLE q.questions (id Int64, name String) ENGINE = MergeTree ORDER BY id; two rows.
  table: { query: { queryType: 'table', schema: 'q', table: 'questions' }, key: 'id', rows: 2 },
  forbidden: [
    'OPTIMIZE TABLE questions',
    "SELECT 1 AS a INTO OUTFILE '/tmp/sluice-must-not-exist'",
    'SELECT 1 AS a FORMAT Null',
    'SYSTEM RELOAD CONFIG',
    'KILL QUERY WHERE 1',
    'ATTACH TABLE sluice_made (a UInt8) ENGINE = Memory',
    'SHOW TABLES',
    'USE system',
    'RENAME TABLE questions TO others',
    'EXCHANGE TABLES questions AND others',
  ],
};

const types: Partial<Record<Literal['kind'], string>> = {
  boolean: 'Bool',
  integer: 'Int64',
  decimal: 'Decimal(10,2)',
  float: 'Float64',
  string: 'String',
  date: 'Date32',
  timestamp: 'DateTime64(6)',
  instant: "DateTime64(6, 'Asia/Kolkata')",
};

function literal(value: Literal): string | null {
  switch (value.kind) {
    case 'boolean':
      return String(value.given);
    case 'integer':
      return `to${value.unsigned ? 'U' : ''}Int${value.bits}('${value.given}')`;
    case 'decimal':
      return `CAST('${value.given}' AS Decimal(${value.precision},${value.scale}))`;
    case 'float':
      return `toFloat${value.bits}('${value.given.replace('Infinity', 'inf')}')`;
    case 'string':
      return singleQuoted(value.given.replaceAll('\\', '\\\\'));
    case 'date':
      return value.given < '1900' || value.given > '2299' ? null : `toDate32('${value.given}')`;
    case 'instant':
      return `parseDateTime64BestEffort('${value.given}', ${value.digits}, 'Asia/Kolkata')`;
    case 'array':
      return arrayOf(value);
    case 'json':
      return value.given.startsWith('{')
        ? `${singleQuoted(value.given.replaceAll('\\', '\\\\'))}::JSON`
        : null;
    // Moments without a zone and bytes are no types of their own; times of day are new and have to be switched on.
    default:
      return null;
  }
}

function arrayOf({ of, given }: Extract<Literal, { kind: 'array' }>): string {
  const type = { integer: 'Array(Nullable(Int64))', string: 'Array(String)', array: 'Array(Array(Int64))' }[
    of
  ];
  return `JSONExtract(${singleQuoted(given.replaceAll('\\', '\\\\'))}, '${type}')`;
}
