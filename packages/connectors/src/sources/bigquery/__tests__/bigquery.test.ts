import { generateKeyPairSync } from 'node:crypto';
import { trustTestAuthority } from '@sluice/testing/certificates';
import { until } from '@sluice/testing/until';
import { type BigQueryServer, startBigQueryServer } from '@sluice/testing/warehouses/bigquery/server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import type { ConnectContext } from '../../../kit/context.ts';
import type { Configuration } from '../../../kit/source.ts';
import { expectPairs, pairs } from '../../__tests__/listed-pairs.ts';
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
  for (const statement of pairs) await server.run(statement);
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
      'planner passed',
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

test('lists tables and views with columns, types and primary keys', () =>
  expectPairs(open(), { schema: 'main', types: ['INTEGER', 'VARCHAR'] }));

describe('values of types that only BigQuery has', () => {
  test.each([
    ['99999999999999999999999999999.999999999', '99999999999999999999999999999.999999999::DECIMAL(38,9)'],
    ['0.00000000000000000001', '0.00000000000000000001::DECIMAL(38,20)'],
    [
      '{"at": "2026-02-27T23:02:03Z", "bb": [{"c": 0.5, "d": true}], "nan": "NaN", "raw": "\\\\x00ff", "exact": 0.123456789}',
      `{'exact': 0.123456789::DECIMAL(20,9), 'bb': [{'d': true, 'c': 0.5::DOUBLE}], 'nan': 'NaN'::DOUBLE,
        'raw': '\\x00\\xFF'::BLOB, 'at': TIMESTAMPTZ '2026-02-28 01:02:03+02'}`,
    ],
    ['POINT(1 2)', "geography('POINT(1 2)')"],
    ['[2026-01-01, UNBOUNDED)', "date_range('[2026-01-01, UNBOUNDED)')"],
    ['[2026-02-28T00:00:00Z, UNBOUNDED)', "timestamp_range('[1772236800000000, UNBOUNDED)')"],
  ])('%j', async (text, expression) => {
    expect(await texts(`select ${expression} as value`)).toEqual([[text]]);
  });

  test('have types that are named as people write them', async () => {
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

test('takes only what the service calls a query', async () => {
  // Our own look at the text lets it through.
  await expect(texts('checkpoint')).rejects.toMatchObject({ code: 'query_not_read_only' });
});

test('says where a table that is not there might be', async () => {
  await expect(open().describe(sql('select 1 as a from nowhere'))).rejects.toMatchObject({
    code: 'query_invalid',
    fix: expect.stringContaining('location'),
  });
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
