import type { Literal, SourceSpeech } from '../../../__tests__/source-speech.ts';
import { duckSpeech } from '../../../kit/duck/__tests__/duck-speech.ts';
import { quoteBigQuery } from '../dialect.ts';

/** The server behind the client speaks DuckDB's SQL, with names quoted as BigQuery quotes them. */
export const bigquerySpeech: SourceSpeech = {
  ...duckSpeech,
  literal: (value) => (isKnown(value) ? duckSpeech.literal(value) : null),
  // A NULL array is an empty one as soon as it is stored or sent.
  typedNull: (kind) => (kind === 'array' ? null : duckSpeech.typedNull(kind)),
  quote: quoteBigQuery,
  otherwise: {
    'text with a byte order mark': {
      text: 'a',
      because: 'The binding of the DuckDB behind the server takes it off the beginning of a text (1.5.6).',
    },
  },
  // The tests of the source stop a job at the server.
  slow: null,
  forbidden: [
    'CALL main.write_everything()',
    "EXPORT DATA OPTIONS (uri = 'gs://bucket/*.csv', format = 'CSV') AS SELECT 1 AS a",
    "LOAD DATA INTO main.questions FROM FILES (format = 'CSV', uris = ['gs://bucket/x.csv'])",
    'GRANT `roles/bigquery.admin` ON SCHEMA main TO "user:eve@example.com"',
    'DECLARE x INT64 DEFAULT 1',
    'BEGIN SELECT 1; END',
  ],
  table: { query: { queryType: 'table', schema: 'main', table: 'questions' }, key: 'id', rows: 2 },
  async prepare({ bigquery }) {
    await bigquery.run('CREATE TABLE IF NOT EXISTS main.questions (id INTEGER PRIMARY KEY, name VARCHAR)');
    await bigquery.run("INSERT OR REPLACE INTO main.questions VALUES (1, 'one'), (2, 'two')");
  },
};

/** BigQuery has integers of 64 bits, floats of 64 bits, microseconds, and no arrays of arrays. */
function isKnown(value: Literal): boolean {
  switch (value.kind) {
    case 'integer':
      return value.bits < 64 || (value.bits === 64 && !value.unsigned);
    case 'float':
      return value.bits === 64;
    case 'timestamp':
    case 'instant':
      return value.digits < 9;
    case 'array':
      return value.of !== 'array';
    default:
      return true;
  }
}
