import { generateKeyPairSync } from 'node:crypto';
import { trustTestAuthority } from '@sluice/testing/certificates';
import { until } from '@sluice/testing/until';
import { type SnowflakeServer, startSnowflakeServer } from '@sluice/testing/warehouses/snowflake/server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import type { ConnectContext } from '../../../kit/context.ts';
import type { Configuration } from '../../../kit/source.ts';
import { spooledRows, sql } from '../../__tests__/spooled-rows.ts';
import { snowflakeSource } from '../definition.ts';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (passphrase?: string): string =>
  pair.privateKey
    .export({ type: 'pkcs8', format: 'pem', ...(passphrase && { cipher: 'aes-256-cbc', passphrase }) })
    .toString();

let server: SnowflakeServer;
let context: TestContext;
const configuration = (): Configuration => ({
  account: 'acme-test',
  accountUrl: server.url,
  user: 'READER',
  authentication: 'key_pair',
  privateKey: pem(),
  warehouse: 'WH',
  database: 'memory',
});
const open = (changes: Configuration = {}, overrides: Partial<ConnectContext> = {}) =>
  snowflakeSource.open({ ...configuration(), ...changes }, { ...context, ...overrides });
const texts = async (select: string) => (await spooledRows(open(), sql(select))).cells;

beforeAll(async () => {
  trustTestAuthority();
  server = await startSnowflakeServer({
    account: 'acme-test',
    users: [
      {
        name: 'READER',
        password: 'correct horse',
        token: 'pat-123',
        publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      },
    ],
  });
  context = createTestContext([server.port]);
  await server.run('CREATE TABLE pairs (a INTEGER PRIMARY KEY, b VARCHAR)');
  await server.run("INSERT INTO pairs SELECT i, 'b' || i FROM range(1, 251) t(i)");
  await server.run('CREATE VIEW some_pairs AS SELECT a FROM pairs');
});
afterEach(() => {
  Object.assign(server.faults, { unavailable: 0, expireSessions: false, cutChunks: false, loseRows: false });
});
afterAll(async () => {
  await context.close();
  await server.close();
});

describe('signs in', () => {
  test.each([
    ['with a key pair', {}],
    ['with an encrypted key', { privateKey: () => pem('open sesame'), passphrase: 'open sesame' }],
    ['with a password', { authentication: 'password', password: 'correct horse' }],
    ['with a programmatic access token', { authentication: 'token', token: 'pat-123' }],
  ])('%s', async (_how, changes: Record<string, unknown>) => {
    const given = Object.fromEntries(
      Object.entries(changes).map(([name, value]) => [name, typeof value === 'function' ? value() : value]),
    );
    const results = await Array.fromAsync(open(given).check());
    expect(results.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'sign_in passed',
      'compute passed',
      'read passed',
    ]);
  });

  test.each([
    [
      'a key of somebody else',
      { privateKey: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey },
    ],
    ['a wrong password', { authentication: 'password', password: 'wrong' }],
    ['a wrong token', { authentication: 'token', token: 'wrong' }],
  ])('not with %s, and says what to do', async (_what, changes: Record<string, unknown>) => {
    const given = { ...changes };
    if (typeof changes.privateKey === 'function') {
      given.privateKey = changes.privateKey().export({ type: 'pkcs8', format: 'pem' });
    }
    const [result] = await Array.fromAsync(open(given).check());
    expect(result).toMatchObject({
      status: 'failed',
      fix: expect.stringMatching(/ALTER USER|password|token/),
    });
  });

  test('with the access of a person, renewed when it is refused', async () => {
    let token = 'used up';
    const renewed: string[] = [];
    const grant = {
      token: async () => token,
      async renew(refused: string) {
        renewed.push(refused);
        token = 'pat-123';
      },
    };
    const oauth = { authentication: 'oauth', user: undefined, privateKey: undefined };
    const results = await Array.fromAsync(open(oauth, { grant }).check());
    expect(results.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed']);
    expect(renewed).toEqual(['used up']);
    await expect(open(oauth).describe(sql('select 1 as a'))).rejects.toMatchObject({ code: 'source_auth' });
  });

  test('refuses a text that is no key before it connects', () => {
    expect(() => open({ privateKey: 'not a key' })).toThrow(
      expect.objectContaining({ fields: { 'configuration.privateKey': expect.stringContaining('PEM') } }),
    );
  });

  test('sends credentials unencrypted to nobody', () => {
    expect(() => open({ accountUrl: 'http://snowflake.example.com' })).toThrow(
      expect.objectContaining({ fields: { 'configuration.accountUrl': expect.any(String) } }),
    );
  });
});

test('goes through the egress guard', async () => {
  const closed = createTestContext([]);
  await expect(open({}, { egress: closed.egress }).describe(sql('select 1 as a'))).rejects.toMatchObject({
    code: 'egress_refused',
  });
  await closed.close();
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
    ['99999999999999999999999999999999999999', '99999999999999999999999999999999999999::DECIMAL(38,0)'],
    ['1.5', '1.500::DECIMAL(10,3)'],
    ['0', '0.00::DECIMAL(10,2)'],
    ['-12345678901234567890.123456789', '-12345678901234567890.1234567890::DECIMAL(38,10)'],
    ['0.1', '0.1::DOUBLE'],
    ['1e+300', '1e300::DOUBLE'],
    ['NaN', "'NaN'::DOUBLE"],
    ['-Infinity', "'-inf'::DOUBLE"],
    ['true', 'true'],
    ['2026-02-28', "DATE '2026-02-28'"],
    ['1969-12-31', "DATE '1969-12-31'"],
    ['01:02:03.5', "TIME '01:02:03.5'"],
    ['2026-02-28T10:20:30.123456', "TIMESTAMP '2026-02-28 10:20:30.123456'"],
    ['1969-12-31T23:59:59.5', "TIMESTAMP '1969-12-31 23:59:59.5'"],
    ['2026-02-27T23:02:03Z', "TIMESTAMPTZ '2026-02-28 01:02:03+02'"],
    ['\\x00ff5c', "'\\x00\\xFF\\x5C'::BLOB"],
    ['{"a": [1, 2.5], "bb": 9007199254740993}', `'{"bb":9007199254740993,"a":[1,2.5]}'::JSON`],
    ['[1, 2]', '[1, 2]'],
    ['é🙂\n"quoted", it\'s', `'é🙂\n"quoted", it''s'`],
    ['', "''"],
    [null, 'NULL::VARCHAR'],
  ])('%j', async (text, expression) => {
    expect(await texts(`select ${expression} as value`)).toEqual([[text]]);
  });
});

test('previews the first rows and says that there are more', async () => {
  const preview = await open().preview(sql('select a, b from pairs order by a'), { limit: 100 });
  expect(preview).toMatchObject({ hasMore: true, columns: [{ name: 'a', type: 'integer' }, { name: 'b' }] });
  expect(preview.rows).toHaveLength(100);
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

test('spools a result of many chunks whole', async () => {
  const { rows, cells } = await spooledRows(open(), sql("select i, 'x' || i as x from range(0, 25000) t(i)"));
  expect(rows).toBe(25_000);
  expect(new Set(cells.map(([id]) => id)).size).toBe(25_000);
});

test('takes exactly one statement, and only one that reads', async () => {
  await expect(texts('select 1 as a; select 2 as b')).rejects.toMatchObject({ code: 'query_not_read_only' });
  await expect(texts('delete from pairs')).rejects.toMatchObject({ code: 'query_not_read_only' });
  await expect(texts('(delete from pairs)')).rejects.toMatchObject({ code: 'query_not_read_only' });
  expect(await server.run('select count(*) from pairs')).toEqual([['250']]);
});

test('says what is wrong with a query, and what to grant', async () => {
  await expect(open().describe(sql('select nothing from pairs'))).rejects.toMatchObject({
    code: 'query_invalid',
  });
  await expect(open().describe(sql('select 1 as a from nowhere'))).rejects.toMatchObject({
    code: 'query_invalid',
    fix: expect.stringContaining('GRANT SELECT ON ALL TABLES'),
  });
});

describe('when something breaks', () => {
  const many = 'select i from range(0, 9000) t(i)';

  test('fewer rows than announced are not the end of the result', async () => {
    server.faults.loseRows = true;
    await expect(texts(many)).rejects.toMatchObject({ code: 'source_ended_early' });
  });

  test('a chunk that breaks off is not the end of the result', { timeout: 60_000 }, async () => {
    server.faults.cutChunks = true;
    const impatient = open({}, { timeouts: { connectMs: 2_000, requestMs: 5_000, queryMs: 4_000 } });
    await expect(spooledRows(impatient, sql(many))).rejects.toMatchObject({
      code: expect.stringMatching(/source_(ended_early|timeout)/),
    });
  });

  test('an expired session is renewed', async () => {
    const results = open().check()[Symbol.asyncIterator]();
    await results.next();
    server.faults.expireSessions = true;
    expect((await results.next()).value).toMatchObject({ name: 'compute', status: 'passed' });
    await results.return?.();
  });

  test('a server that is busy for a moment is asked again, and the statement runs once', async () => {
    server.faults.unavailable = 1;
    server.statements.length = 0;
    expect(await texts('select 42 as a')).toEqual([['42']]);
    expect(server.statements.filter((text) => text === 'select 42 as a')).toHaveLength(1);
  });

  test('stops at the server when the reader leaves', async () => {
    const abort = new AbortController();
    const reading = spooledRows(open({}, { signal: abort.signal }), sql('select system$wait(60) as a'));
    await until('the query runs', async () => server.running() === 1);
    abort.abort(new Error('left'));
    await expect(reading).rejects.toThrow('left');
    await until('the query is gone', async () => server.running() === 0);
  });
});
