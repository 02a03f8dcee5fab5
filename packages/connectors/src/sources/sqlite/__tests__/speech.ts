import { type Literal, type SourceSpeech, singleQuoted } from '../../../__tests__/source-speech.ts';
import { quoteIdentifier } from '../../../kit/sql-identifier.ts';

/** SQLite has five types: no booleans, decimals, dates or documents but as numbers and text, and no NaN. */
export const sqliteSpeech: SourceSpeech = {
  literal,
  typedNull: (kind) => (sayable.includes(kind) ? 'NULL' : null),
  quote: quoteIdentifier,
  numbers: (count) =>
    `WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT ${count}) SELECT n FROM c`,
  slow: 'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 100000000000) SELECT count(*) AS n FROM c',
  forbidden: [
    "ATTACH '/tmp/sluice-must-not-exist.sqlite' AS other",
    "VACUUM INTO '/tmp/sluice-must-not-exist.sqlite'",
    "SELECT load_extension('/tmp/sluice-must-not-exist.so') AS a",
    "SELECT writefile('/tmp/sluice-must-not-exist', 'x') AS a",
    "SELECT readfile('/etc/passwd') AS a",
    'PRAGMA query_only = OFF',
    'PRAGMA writable_schema = ON',
    "SELECT * FROM pragma_table_info('questions')",
    'REINDEX questions',
    'ANALYZE',
    'SAVEPOINT a',
  ],
  // The directory of the conformance suite holds `people.sqlite`.
  table: { query: { queryType: 'table', schema: 'main', table: 'questions' }, key: 'id', rows: 2 },
};

const sayable: readonly Literal['kind'][] = ['integer', 'float', 'string', 'binary'];

function literal(value: Literal): string | null {
  switch (value.kind) {
    case 'integer':
      if (value.bits > 64 || value.given === '18446744073709551615') return null;
      // Without its sign it would not be an integer any more.
      return value.given === '-9223372036854775808' ? '(-9223372036854775807 - 1)' : value.given;
    case 'float':
      if (value.bits === 32 || value.given === 'NaN') return null;
      if (!/\d/.test(value.given)) return value.given.replace('Infinity', '9e999');
      return `CAST('${value.given}' AS REAL)`;
    case 'string':
      return singleQuoted(value.given);
    case 'binary':
      return `X'${value.given}'`;
    default:
      return null;
  }
}
