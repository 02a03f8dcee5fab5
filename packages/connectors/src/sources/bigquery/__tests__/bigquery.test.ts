import { generateKeyPairSync } from 'node:crypto';
import { trustTestAuthority } from '@sluice/testing/certificates';
import { until } from '@sluice/testing/until';
import { type BigQueryServer, startBigQueryServer } from '@sluice/testing/warehouses/bigquery/server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import type { ConnectContext } from '../../../kit/context.ts';
import type { Configuration } from '../../../kit/source.ts';
import { spooledRows, sql } from '../../__tests__/spooled-rows.ts';
import { bigquerySource } from '../definition.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
const email = 'reader@acme-analytics.iam.gserviceaccount.com';
const keyFile = (privateKey = pair.privateKey): string =>
  JSON.stringify({
    type: 'service_account',
    client_email: email,
    private_key_id: 'k1',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: `${server.url}/token`,
  });

let server: BigQueryServer;
let context: TestContext;
const open = (changes: Configuration = {}, overrides: Partial<ConnectContext> = {}) =>
  bigquerySource.open(
    {
      project: 'acme-analytics',
      location: 'EU',
      authentication: 'service_account',
      serviceAccountKey: keyFile(),
      apiUrl: server.url,
      ...changes,
    },
    { ...context, ...overrides },
  );
const texts = async (select: string) => (await spooledRows(open(), sql(select))).cells;

beforeAll(async () => {
  trustTestAuthority();
  server = await startBigQueryServer({
    project: 'acme-analytics',
    user: {
      email,
      publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      token: 'granted-1',
    },
  });
  context = createTestContext([server.port]);
  await server.run('CREATE TABLE pairs (a INTEGER PRIMARY KEY, b VARCHAR)');
  await server.run("INSERT INTO pairs SELECT i, 'b' || i FROM range(1, 251) t(i)");
  await server.run('CREATE VIEW some_pairs AS SELECT a FROM pairs');
});
afterEach(() => {
  Object.assign(server.faults, {
    rateLimited: 0,
    unavailable: 0,
    loseAnswers: 0,
    quota: false,
    failInTheMiddle: false,
    forgetPages: false,
    cutPages: false,
    loseRows: false,
    forbidJobs: false,
  });
  expect(server.violations).toEqual([]);
});
afterAll(async () => {
  await context.close();
  await server.close();
});

describe('signs in', () => {
  test('with the key of a service account', async () => {
    const results = await Array.fromAsync(open().check());
    expect(results.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'sign_in passed',
      'compute passed',
      'read passed',
    ]);
  });

  test('with the access of a person, renewed when it is refused', async () => {
    let token = 'used-up';
    const renewed: string[] = [];
    const grant = {
      token: async () => token,
      async renew(refused: string) {
        renewed.push(refused);
        token = 'granted-1';
      },
    };
    const source = open({ authentication: 'oauth', serviceAccountKey: undefined }, { grant });
    expect((await source.preview(sql('select 1 as a'), { limit: 1 })).rows).toEqual([['1']]);
    expect(renewed).toEqual(['used-up']);
  });

  test('not with a key of somebody else, and says what to do', async () => {
    const [result] = await Array.fromAsync(open({ serviceAccountKey: keyFile(foreign.privateKey) }).check());
    expect(result).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('Invalid JWT Signature'),
      fix: expect.stringContaining('Make a new key'),
    });
  });

  test('not without the access of anybody', async () => {
    await expect(open({ authentication: 'oauth' }).describe(sql('select 1 as a'))).rejects.toMatchObject({
      code: 'source_auth',
      fix: expect.stringContaining('button'),
    });
  });

  test('names each wrong field before it connects', () => {
    const wrong = {
      project: 'Acme Analytics!',
      serviceAccountKey: '{"client_email":"a@b","private_key":"no key"}',
      apiUrl: 'http://bigquery.example.com',
      labels: 'Team=Data',
      bytesBilledMax: -1,
      location: 'EU; DROP',
    };
    expect(() => open(wrong)).toThrow(
      expect.objectContaining({
        fields: Object.fromEntries(
          Object.keys({ ...wrong, dataProject: 1 }).map((name) => [
            `configuration.${name}`,
            expect.any(String),
          ]),
        ),
      }),
    );
  });
});

test('goes through the egress guard', async () => {
  const closed = createTestContext([]);
  await expect(open({}, { egress: closed.egress }).describe(sql('select 1 as a'))).rejects.toMatchObject({
    code: 'egress_refused',
  });
  // The token comes from elsewhere: the service itself is guarded too.
  const grant = { token: async () => 'granted-1', renew: async () => {} };
  const oauth = open({ authentication: 'oauth' }, { egress: closed.egress, grant });
  await expect(oauth.describe(sql('select 1 as a'))).rejects.toMatchObject({ code: 'egress_refused' });
  await closed.close();
});

test('says which right is missing, with the statements that give it', async () => {
  server.faults.forbidJobs = true;
  const results = await Array.fromAsync(open().check());
  expect(results[1]).toMatchObject({
    name: 'compute',
    status: 'failed',
    fix: expect.stringContaining(`--member="serviceAccount:${email}" --role="roles/bigquery.jobUser"`),
  });
  expect(results[1]?.status === 'failed' && results[1].fix).toContain(
    'GRANT `roles/bigquery.dataViewer` ON SCHEMA `acme-analytics`',
  );
});

test('lists tables and views with columns, types and primary keys', async () => {
  const tables = await open().introspect();
  expect(tables.map(({ schema, name, kind }) => `${schema}.${name} ${kind}`)).toEqual([
    'main.pairs table',
    'main.some_pairs view',
  ]);
  expect(tables[0]?.columns).toEqual([
    { name: 'a', nativeType: 'INTEGER', primaryKey: true },
    { name: 'b', nativeType: 'VARCHAR', primaryKey: false },
  ]);
});

describe('writes canonical text', () => {
  test.each([
    ['9007199254740993', '9007199254740993'],
    ['-9223372036854775808', '(-9223372036854775808)::BIGINT'],
    ['1.5', '1.500::DECIMAL(10,3)'],
    ['99999999999999999999999999999.999999999', '99999999999999999999999999999.999999999::DECIMAL(38,9)'],
    ['0.00000000000000000001', '0.00000000000000000001::DECIMAL(38,20)'],
    ['0.1', '0.1::DOUBLE'],
    ['1e+300', '1e300::DOUBLE'],
    ['NaN', "'NaN'::DOUBLE"],
    ['-Infinity', "'-inf'::DOUBLE"],
    ['true', 'true'],
    ['2026-02-28', "DATE '2026-02-28'"],
    ['01:02:03.5', "TIME '01:02:03.5'"],
    ['2026-02-28T10:20:30.123456', "TIMESTAMP '2026-02-28 10:20:30.123456'"],
    ['2026-02-27T23:02:03.000001Z', "TIMESTAMPTZ '2026-02-28 01:02:03.000001+02'"],
    ['1969-12-31T23:59:59.5Z', "TIMESTAMPTZ '1969-12-31 23:59:59.5+00'"],
    ['\\x00ff5c61', "'\\x00\\xFF\\x5Ca'::BLOB"],
    ['{"a": [1, 2.5], "bb": 9007199254740993}', `'{"bb":9007199254740993,"a":[1,2.5]}'::JSON`],
    ['[1, 9007199254740993, null]', '[1, 9007199254740993, NULL]'],
    ['[]', '[]::INTEGER[]'],
    ['["a", "é🙂"]', "['a', 'é🙂']"],
    [
      '{"at": "2026-02-27T23:02:03Z", "bb": [{"c": 0.5, "d": true}], "nan": "NaN", "raw": "\\\\x00ff", "exact": 0.123456789}',
      `{'exact': 0.123456789::DECIMAL(20,9), 'bb': [{'d': true, 'c': 0.5::DOUBLE}], 'nan': 'NaN'::DOUBLE,
        'raw': '\\x00\\xFF'::BLOB, 'at': TIMESTAMPTZ '2026-02-28 01:02:03+02'}`,
    ],
    ['POINT(1 2)', "geography('POINT(1 2)')"],
    ['[2026-01-01, UNBOUNDED)', "date_range('[2026-01-01, UNBOUNDED)')"],
    ['[2026-02-28T00:00:00Z, UNBOUNDED)', "timestamp_range('[1772236800000000, UNBOUNDED)')"],
    ['é🙂\n"quoted", it\'s', `'é🙂\n"quoted", it''s'`],
    ['', "''"],
    [null, 'NULL::VARCHAR'],
  ])('%j', async (text, expression) => {
    expect(await texts(`select ${expression} as value`)).toEqual([[text]]);
  });

  test('and names types as people write them', async () => {
    const columns = await open().describe(
      sql(
        "select 1 as a, [1.5::double] as b, {'x': 1, 'y': ['z']} as c, '{}'::json as d, geography('p') as e",
      ),
    );
    expect(columns.map(({ type, nativeType }) => `${type} ${nativeType}`)).toEqual([
      'integer INT64',
      'array ARRAY<FLOAT64>',
      'json STRUCT<x INT64, y ARRAY<STRING>>',
      'json JSON',
      'string GEOGRAPHY',
    ]);
  });
});

test('previews the first rows and says that there are more', async () => {
  const preview = await open().preview(sql('select a, b from pairs order by a'), { limit: 100 });
  expect(preview).toMatchObject({ hasMore: true, columns: [{ name: 'a', type: 'integer' }, { name: 'b' }] });
  expect(preview.rows).toHaveLength(100);
});

test('reads a table by its name', async () => {
  const source = open({ dataProject: 'acme-data' });
  const preview = await source.preview({ queryType: 'table', schema: 'main', table: 'pairs' }, { limit: 1 });
  expect(preview.rows).toEqual([['1', 'b1']]);
  expect(server.jobs.at(-1)?.query.query).toContain('`acme-data`.`main`.`pairs`');
});

test('finds the end of a statement as BigQuery does, backslashes in texts included', async () => {
  const text = String.raw`select 'it\'s; not the end' as a`;
  // The DuckDB behind the server knows no backslashes: what counts is that the statement got there whole.
  await open()
    .describe(sql(text))
    .catch(() => {});
  expect(server.requests.at(-1)?.body).toContain('not the end');
});

test('counts keys', async () => {
  const keys = "select unnest(['a', 'A', 'a', '', null]) as k";
  expect(await open().inspectKey(sql(keys), 'k')).toEqual({
    rows: 5,
    nulls: 2,
    duplicates: 2,
    examples: ['a'],
  });
});

test('spools a result of many pages whole', async () => {
  const { rows, cells } = await spooledRows(open(), sql("select i, 'x' || i as x from range(0, 25000) t(i)"));
  expect(rows).toBe(25_000);
  expect(new Set(cells.map(([id]) => id)).size).toBe(25_000);
});

describe('keeps costs in sight', () => {
  test('tells what a query would read, without running it', async () => {
    const before = server.jobs.length;
    expect(await open().estimate?.(sql('select a from pairs'))).toEqual({ bytes: 1_200_000_000 });
    expect(server.jobs).toHaveLength(before);
  });

  test('puts labels and the limit on each job, and a query beyond it fails unbilled', async () => {
    const source = open({ labels: 'team=data, env=prod', bytesBilledMax: 1.2 });
    await source.preview(sql('select 1 as a'), { limit: 1 });
    expect(server.jobs.at(-1)).toMatchObject({
      labels: { team: 'data', env: 'prod', sluice: 'sluice-test' },
      query: { maximumBytesBilled: '1200000000' },
    });
    await expect(
      open({ bytesBilledMax: '1.19' }).preview(sql('select 1 as a'), { limit: 1 }),
    ).rejects.toMatchObject({ code: 'query_invalid', fix: expect.stringContaining('gigabytes billed') });
  });
});

test('takes exactly one statement, and only one that reads', async () => {
  for (const text of ['select 1 as a; select 2 as b', 'delete from pairs', '(delete from pairs)']) {
    await expect(texts(text)).rejects.toMatchObject({
      code: expect.stringMatching(/query_(not_read_only|invalid)/),
    });
  }
  // What our own look at the text lets through, the service names.
  await expect(texts('checkpoint')).rejects.toMatchObject({ code: 'query_not_read_only' });
  expect(await server.run('select count(*) from pairs')).toEqual([['250']]);
});

test('says what is wrong with a query', async () => {
  const describes = (text: string) => open().describe(sql(text));
  await expect(describes('select nothing from pairs')).rejects.toMatchObject({ code: 'query_invalid' });
  await expect(describes('select 1 as a from nowhere')).rejects.toMatchObject({
    code: 'query_invalid',
    fix: expect.stringContaining('location'),
  });
  await expect(describes('select 1 as a, 2 as a')).rejects.toMatchObject({ code: 'query_columns_duplicate' });
});

describe('when something breaks', () => {
  const many = 'select i from range(0, 2500) t(i)';

  test.each([
    ['fewer rows than announced are', { loseRows: true }],
    ['a page token that is no longer known is', { forgetPages: true }],
    ['a job that fails in the middle is', { failInTheMiddle: true }],
    ['half a page is', { cutPages: true }],
  ])('%s not the end of the result', { timeout: 60_000 }, async (_what, fault) => {
    Object.assign(server.faults, fault);
    await expect(texts(many)).rejects.toMatchObject({ code: 'source_ended_early' });
  });

  test('a service that is busy is asked again, and the job is made once', { timeout: 60_000 }, async () => {
    for (const fault of ['rateLimited', 'unavailable', 'loseAnswers'] as const) {
      const before = server.jobs.length;
      server.faults[fault] = 1;
      expect(await texts('select 42 as a')).toEqual([['42']]);
      expect(server.jobs).toHaveLength(before + 1);
    }
  });

  test('a quota that is used up is said, and not asked again', async () => {
    server.faults.quota = true;
    await expect(open().preview(sql('select 1 as a'), { limit: 1 })).rejects.toMatchObject({
      code: 'source_failed',
      message: expect.stringContaining('Quota exceeded'),
      fix: expect.stringContaining('quotas'),
    });
  });

  test('a token that ended is replaced', async () => {
    const source = open();
    await source.describe(sql('select 1 as a'));
    server.faults.expireTokens = true;
    expect(await source.describe(sql('select 1 as a'))).toHaveLength(1);
  });

  test('the job is cancelled when the reader leaves', async () => {
    const abort = new AbortController();
    const reading = spooledRows(open({}, { signal: abort.signal }), sql('select system_wait() as a'));
    await until('the query runs', async () => server.running() === 1);
    abort.abort(new Error('left'));
    await expect(reading).rejects.toThrow('left');
    await until('the query is gone', async () => server.running() === 0);
  });

  test('a job that takes too long is cancelled', async () => {
    const impatient = { timeouts: { connectMs: 2_000, requestMs: 1_500 } };
    const slow = open({}, impatient).preview(sql('select system_wait() as a'), { limit: 1 });
    await expect(slow).rejects.toMatchObject({ code: 'source_timeout' });
    await until('the query is gone', async () => server.running() === 0);
  });
});
