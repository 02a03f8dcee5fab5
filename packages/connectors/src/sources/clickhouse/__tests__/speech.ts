import type { SourceSpeech } from '../../../__tests__/source-speech.ts';
import { duckSpeech } from '../../../kit/duck/__tests__/duck-speech.ts';
import { quoteClickHouse } from '../dialect.ts';

/** The server behind the client speaks DuckDB's SQL, with names quoted as ClickHouse quotes them. */
export const clickHouseSpeech: SourceSpeech = {
  ...duckSpeech,
  // Every point in time of ClickHouse is a moment, bytes are text, and documents are objects.
  literal: (value) =>
    value.kind === 'timestamp' ||
    value.kind === 'binary' ||
    (value.kind === 'json' && !value.given.startsWith('{'))
      ? null
      : duckSpeech.literal(value),
  typedNull: (kind) => (kind === 'array' || kind === 'timestamp' ? null : duckSpeech.typedNull(kind)),
  quote: quoteClickHouse,
  // The tests of the source stop a query at the server.
  slow: null,
  forbidden: [
    'OPTIMIZE TABLE questions',
    'SYSTEM RELOAD CONFIG',
    'KILL QUERY WHERE 1',
    'RENAME TABLE questions TO others',
    'EXCHANGE TABLES questions AND others',
  ],
  table: { query: { queryType: 'table', schema: 'main', table: 'questions' }, key: 'id', rows: 2 },
  async prepare({ clickhouse }) {
    await clickhouse.run('CREATE TABLE IF NOT EXISTS main.questions (id INTEGER PRIMARY KEY, name VARCHAR)');
    await clickhouse.run("INSERT OR REPLACE INTO main.questions VALUES (1, 'one'), (2, 'two')");
  },
};
