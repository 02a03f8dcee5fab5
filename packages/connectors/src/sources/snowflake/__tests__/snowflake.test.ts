import { generateKeyPairSync } from 'node:crypto';
import { trustTestAuthority } from '@sluice/testing/certificates';
import { until } from '@sluice/testing/until';
import { type SnowflakeServer, startSnowflakeServer } from '@sluice/testing/warehouses/snowflake/server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import type { ConnectContext } from '../../../kit/context.ts';
import type { Configuration } from '../../../kit/source.ts';
import { expectPairs, pairs } from '../../__tests__/listed-pairs.ts';
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
  for (const statement of pairs) await server.run(statement);
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
      'planner passed',
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
    expect(results.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed', 'passed']);
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

test('lists tables and views with columns, types and primary keys', () =>
  expectPairs(open(), { schema: 'main', types: ['INTEGER', 'VARCHAR'] }));

test('says what to grant where a table is not to be seen', async () => {
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
