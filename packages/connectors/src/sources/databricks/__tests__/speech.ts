import type { Literal, SourceSpeech } from '../../../__tests__/source-speech.ts';
import { duckSpeech } from '../../../kit/duck/__tests__/duck-speech.ts';
import { quoteDatabricks } from '../dialect.ts';

/** The server behind the API speaks DuckDB's SQL, with names quoted as Databricks quotes them. */
export const databricksSpeech: SourceSpeech = {
  ...duckSpeech,
  literal: (value) => (isKnown(value) ? duckSpeech.literal(value) : null),
  typedNull: (kind) => (kind === 'time' ? null : duckSpeech.typedNull(kind)),
  quote: quoteDatabricks,
  // The tests of the source stop a statement at the server.
  slow: null,
  cannotRefuseDuplicates: 'DuckDB gives the columns of a subquery names of their own.',
  otherwise: {
    'text with a byte order mark': {
      text: 'a',
      because: 'The binding of the DuckDB behind the server takes it off the beginning of a text (1.5.6).',
    },
  },
  forbidden: [
    'OPTIMIZE main.questions',
    'VACUUM main.questions RETAIN 0 HOURS',
    "COPY INTO main.questions FROM 's3://bucket/x' FILEFORMAT = CSV",
    'GRANT SELECT ON TABLE main.questions TO `eve@example.com`',
    'USE CATALOG other',
    'CACHE SELECT * FROM main.questions',
  ],
  table: { query: { queryType: 'table', schema: 'main', table: 'questions' }, key: 'id', rows: 2 },
  async prepare({ databricks }) {
    await databricks.run('CREATE TABLE IF NOT EXISTS main.questions (id INTEGER PRIMARY KEY, name VARCHAR)');
    await databricks.run("INSERT OR REPLACE INTO main.questions VALUES (1, 'one'), (2, 'two')");
  },
};

/** Databricks has no unsigned integers, none of more than 64 bits, no times of day, and microseconds. */
function isKnown(value: Literal): boolean {
  switch (value.kind) {
    case 'integer':
      return value.bits <= 64 && !value.unsigned;
    case 'time':
      return false;
    case 'timestamp':
    case 'instant':
      return value.digits < 9;
    default:
      return true;
  }
}
