import { until } from '@sluice/testing/until';
import {
  type ExampleServer,
  exampleToken,
  startExampleServer,
} from '@sluice/testing/warehouses/example/start-example';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import { sql } from '../../../sources/__tests__/spooled-rows.ts';
import { exampleSource } from '../definition.ts';

let server: ExampleServer;
let context: TestContext;

beforeAll(async () => {
  server = await startExampleServer();
  context = createTestContext([server.port]);
});
afterAll(async () => {
  await context.close();
  await server.close();
});

const open = (signal = context.signal) =>
  exampleSource.open({ url: server.url, token: exampleToken }, { ...context, signal });

test('a connection that breaks in the middle is not the end of the result', async () => {
  server.cutAfter = 500;
  const reading = open().spool(sql('SELECT range AS n FROM range(5000)'), '/dev/null', () => {});
  await expect(reading).rejects.toMatchObject({ code: 'source_ended_early' });
  server.cutAfter = null;
});

test('a query stops at the server when the reader leaves', async () => {
  const abort = new AbortController();
  const reading = open(abort.signal).preview(sql('SELECT 1 AS hold'), { limit: 1 });
  reading.catch(() => {});
  await until('the query runs', async () => server.held === 1);
  abort.abort(new Error('left'));
  await expect(reading).rejects.toThrow('left');
  await until('the query is gone', async () => server.held === 0);
});
