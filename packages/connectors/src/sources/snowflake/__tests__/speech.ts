import type { SourceSpeech } from '../../../__tests__/source-speech.ts';
import { duckSpeech } from '../../../kit/duck/__tests__/duck-speech.ts';

/** The server behind the driver speaks DuckDB's SQL. Its own limits (no 64-bit unsigned integers …) are not judged. */
export const snowflakeSpeech: SourceSpeech = {
  ...duckSpeech,
  literal: (value) =>
    // The moments of the server behind the driver have six digits.
    value.kind === 'timestamp' && value.digits === 9 ? null : duckSpeech.literal(value),
  cannotRefuseDuplicates: 'DuckDB, behind the driver, calls the second one differently.',
  otherwise: {
    'text with a byte order mark': {
      text: 'a',
      because: 'The binding of DuckDB, behind the driver, takes it off.',
    },
    'decimal(38,0) 99999999999999999999999999999999999999': {
      type: 'integer',
      because: 'A number without decimal places is what Snowflake has for integers.',
    },
  },
  // The tests of the source stop a statement at the server.
  slow: null,
  forbidden: [
    'CALL system$wait(1)',
    "COPY INTO '@stage' FROM questions",
    "PUT 'file:///etc/passwd' @stage",
    'USE ROLE accountadmin',
  ],
  table: { query: { queryType: 'table', schema: 'main', table: 'questions' }, key: 'id', rows: 2 },
  async prepare(places) {
    await places.snowflake.run(
      'CREATE TABLE IF NOT EXISTS main.questions (id INTEGER PRIMARY KEY, name VARCHAR)',
    );
    await places.snowflake.run("INSERT OR REPLACE INTO main.questions VALUES (1, 'one'), (2, 'two')");
  },
};
