import { trustTestAuthority } from '@sluice/testing/certificates';
import { until } from '@sluice/testing/until';
import { type DatabricksServer, startDatabricksServer } from '@sluice/testing/warehouses/databricks/server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import type { ConnectContext } from '../../../kit/context.ts';
import type { Configuration } from '../../../kit/source.ts';
import { expectPairs, pairs } from '../../__tests__/listed-pairs.ts';
import { spooledRows, sql } from '../../__tests__/spooled-rows.ts';
import { databricksSource } from '../definition.ts';

const principal = { id: '8f0a3c1e-reader', secret: 'dose-secret', token: 'dapi-token' };
let server: DatabricksServer;
let context: TestContext;
const open = (changes: Configuration = {}, overrides: Partial<ConnectContext> = {}) =>
  databricksSource.open(
    {
      workspaceUrl: server.url,
      warehouse: '/sql/1.0/warehouses/abc123',
      authentication: 'service_principal',
      clientId: principal.id,
      clientSecret: principal.secret,
      catalog: 'main',
      ...changes,
    },
    { ...context, ...overrides },
  );
const texts = async (select: string) => (await spooledRows(open(), sql(select))).cells;

beforeAll(async () => {
  trustTestAuthority();
  server = await startDatabricksServer({ warehouse: 'abc123', principal });
  context = createTestContext([server.port, server.storagePort]);
  for (const statement of pairs) await server.run(statement);
});
afterEach(() => {
  Object.assign(server.faults, {
    throttled: 0,
    unavailable: 0,
    starting: 0,
    endedLinks: 0,
    cutDownloads: 0,
    loseRows: false,
    truncate: false,
    forbidWarehouse: false,
  });
  expect(server.violations).toEqual([]);
});
afterAll(async () => {
  await context.close();
  await server.close();
});

describe('signs in', () => {
  test.each([
    ['as a service principal', {}],
    ['with a personal access token', { authentication: 'token', token: principal.token }],
  ])('%s', async (_how, changes) => {
    const results = await Array.fromAsync(open(changes).check());
    expect(results.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'sign_in passed',
      'compute passed',
      'read passed',
      'planner passed',
    ]);
  });

  test.each([
    ['a wrong secret', { clientSecret: 'wrong' }, 'OAuth secret'],
    ['a wrong token', { authentication: 'token', token: 'wrong' }, 'new access token'],
  ])('not with %s, and says what to do', async (_what, changes, fix) => {
    const [result] = await Array.fromAsync(open(changes).check());
    expect(result).toMatchObject({ status: 'failed', fix: expect.stringContaining(fix) });
    await expect(open(changes).describe(sql('select 1 as a'))).rejects.toMatchObject({ code: 'source_auth' });
  });

  test('takes the address of any page of the workspace', async () => {
    const page = `${server.url}/sql/warehouses?o=42`;
    expect(await open({ workspaceUrl: page }).describe(sql('select 1 as a'))).toHaveLength(1);
  });

  test('names each wrong field before it connects', () => {
    const wrong = {
      workspaceUrl: 'http://dbc.example.com',
      warehouse: '/sql/2.0/x y',
      catalog: '',
      clientSecret: '',
    };
    expect(() => open(wrong)).toThrow(
      expect.objectContaining({
        fields: Object.fromEntries(
          Object.keys(wrong).map((name) => [`configuration.${name}`, expect.any(String)]),
        ),
      }),
    );
  });

  test('says which right is missing, with the statements that give it', async () => {
    server.faults.forbidWarehouse = true;
    const results = await Array.fromAsync(open().check());
    expect(results[1]).toMatchObject({ name: 'compute', status: 'failed' });
    const fix = results[1]?.fix ?? '';
    expect(fix).toContain('Can use');
    expect(fix).toContain('GRANT SELECT ON CATALOG `main` TO `8f0a3c1e-reader`;');
  });

  test('says that a warehouse is not there', async () => {
    const results = await Array.fromAsync(open({ warehouse: 'other1' }).check());
    expect(results[1]).toMatchObject({ status: 'failed', fix: expect.stringContaining('SQL warehouse') });
  });
});

describe('the egress guard', () => {
  test('guards the workspace', async () => {
    const closed = createTestContext([]);
    await expect(open({}, { egress: closed.egress }).describe(sql('select 1 as a'))).rejects.toMatchObject({
      code: 'egress_refused',
    });
    await closed.close();
  });

  test('guards the storage that the workspace names', async () => {
    const closed = createTestContext([server.port]);
    const reading = spooledRows(open({}, { egress: closed.egress }), sql('select 1 as a'));
    await expect(reading).rejects.toMatchObject({ code: 'egress_refused' });
    await closed.close();
  });
});

test('lists tables and views with columns, types and primary keys', () =>
  expectPairs(open(), { schema: 'main', types: ['INTEGER', 'VARCHAR'] }));

describe('nested values', () => {
  test.each([
    [
      '{"b": [{"c": 0.5, "d": true}], "nan": "NaN", "exact": 0.12345678901234567}',
      "{'exact': 0.12345678901234567::DECIMAL(38,17), 'b': [{'d': true, 'c': 0.5::DOUBLE}], 'nan': 'NaN'::DOUBLE}",
    ],
    ['{"a": 1, "bb": null}', "MAP {'bb': NULL, 'a': 1}"],
  ])('%j', async (text, expression) => {
    expect(await texts(`select ${expression} as value`)).toEqual([[text]]);
  });

  test('have types that are named as people write them', async () => {
    const columns = await open().describe(
      sql(
        "select 1 as a, [1.5::double] as b, {'x': 1} as c, '{}'::json as d, map {'k': 1.5::decimal(3,1)} as e",
      ),
    );
    expect(columns.map(({ type, nativeType }) => `${type} ${nativeType}`)).toEqual([
      'integer INT',
      'array ARRAY<DOUBLE>',
      'json STRUCT<x: INT>',
      'json VARIANT',
      'json MAP<STRING, DECIMAL(3,1)>',
    ]);
  });
});

test('finds the end of a statement as Databricks does, backslashes in texts included', async () => {
  // The DuckDB behind the server knows no backslashes: what counts is that the statement got there whole.
  const text = String.raw`select 'it\'s; not the end' as a`;
  await open()
    .describe(sql(text))
    .catch(() => {});
  expect(server.statements.at(-1)).toContain(text);
});

test('says what to grant where a table is not to be seen', async () => {
  await expect(open().describe(sql('select 1 as a from nowhere'))).rejects.toMatchObject({
    code: 'query_invalid',
    fix: expect.stringContaining('GRANT SELECT'),
    details: { condition: 'TABLE_OR_VIEW_NOT_FOUND' },
  });
});

describe('when something breaks', () => {
  const many = 'select i from range(0, 9000) t(i)';

  test('a link that has ended is asked for again', async () => {
    server.faults.endedLinks = 2;
    expect(await texts(many)).toHaveLength(9_000);
  });

  test('a download that breaks off begins again, and no row comes twice', async () => {
    server.faults.cutDownloads = 2;
    const cells = await texts(many);
    expect(new Set(cells.map(([id]) => id)).size).toBe(9_000);
  });

  test.each([
    ['downloads that always break are', { cutDownloads: 100 }],
    ['links that are never good are', { endedLinks: 100 }],
    ['fewer rows than announced are', { loseRows: true }],
  ])('%s not the end of the result', async (_what, fault) => {
    Object.assign(server.faults, fault);
    await expect(texts(many)).rejects.toMatchObject({ code: 'source_ended_early' });
  });

  test('a result that was cut off at the limit is refused', async () => {
    server.faults.truncate = true;
    await expect(texts(many)).rejects.toMatchObject({
      code: 'query_invalid',
      message: expect.stringContaining('100 GiB'),
    });
  });

  test('a service that is busy is asked again, and the statement runs once', async () => {
    for (const fault of ['throttled', 'unavailable'] as const) {
      const before = server.statements.length;
      server.faults[fault] = 1;
      await open().preview(sql('select 42 as a'), { limit: 1 });
      expect(server.statements).toHaveLength(before + 1);
    }
  });

  test('a warehouse that is starting is waited for, however patient a preview is', async () => {
    server.faults.starting = 5;
    // The looks alone take 1.5 s.
    const impatient = { timeouts: { connectMs: 2_000, requestMs: 1_000 } };
    const preview = await open({}, impatient).preview(sql('select 1 as a'), { limit: 1 });
    expect(preview.rows).toEqual([['1']]);
  });

  test('a token that ended is replaced', async () => {
    const source = open();
    await source.describe(sql('select 1 as a'));
    server.faults.expireTokens = true;
    expect(await source.describe(sql('select 1 as a'))).toHaveLength(1);
  });

  test('the statement is cancelled when the reader leaves', async () => {
    const abort = new AbortController();
    const reading = open({}, { signal: abort.signal }).preview(sql('select system_wait() as a'), {
      limit: 1,
    });
    await until('the query runs', async () => server.running() === 1);
    abort.abort(new Error('left'));
    await expect(reading).rejects.toThrow('left');
    await until('the query is gone', async () => server.running() === 0);
  });

  test('a statement that takes too long is cancelled', async () => {
    const impatient = { timeouts: { connectMs: 2_000, requestMs: 500 } };
    const slow = open({}, impatient).preview(sql('select system_wait() as a'), { limit: 1 });
    await expect(slow).rejects.toMatchObject({ code: 'source_timeout' });
    await until('the query is gone', async () => server.running() === 0);
  });
});
