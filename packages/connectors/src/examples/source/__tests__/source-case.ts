import { exampleToken, startExampleServer } from '@sluice/testing/warehouses/example/start-example';
import type { SourceCase } from '../../../__tests__/source-case.ts';
import { duckSpeech } from '../../../kit/duck/__tests__/duck-speech.ts';

/** What the conformance suites have to know: a server to ask, and how the questions are said in its SQL. */
export const exampleSourceCase: SourceCase = {
  start: startExampleServer,
  working: (url) => ({ url, token: exampleToken }),
  wrongCredentials: (url) => ({ url, token: 'another' }),
  speech: {
    ...duckSpeech,
    // The example's tests leave a query and see it stop.
    slow: null,
    forbidden: [],
    table: { query: { queryType: 'table', schema: 'main', table: 'questions' }, key: 'id', rows: 2 },
    otherwise: {
      'text with a byte order mark': {
        text: 'a',
        because: 'The binding of the DuckDB behind the server takes it off (1.5.6).',
      },
    },
  },
};
