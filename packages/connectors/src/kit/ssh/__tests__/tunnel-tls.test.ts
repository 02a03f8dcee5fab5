import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { createServer } from 'node:tls';
import { localCertificate, testAuthority, trustTestAuthority } from '@sluice/testing/certificates';
import { asOwner, testCluster } from '@sluice/testing/postgres';
import { startBastion, type TestBastion } from '@sluice/testing/ssh/bastion';
import { until } from '@sluice/testing/until';
import { startClickHouseServer } from '@sluice/testing/warehouses/clickhouse/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import { spooledRows, sql } from '../../../sources/__tests__/spooled-rows.ts';
import { clickHouseSource } from '../../../sources/clickhouse/definition.ts';
import { postgresqlSource } from '../../../sources/postgresql/definition.ts';
import { useCertificate } from '../../__tests__/use-certificate.ts';
import type { ConnectContext } from '../../context.ts';
import { createSshKey } from '../ssh-key.ts';

const key = await createSshKey('sluice test');
let bastion: TestBastion;
let context: TestContext;
let secure: Awaited<ReturnType<typeof startSecureClickHouse>>;

beforeAll(async () => {
  await useCertificate(localCertificate);
  trustTestAuthority();
  secure = await startSecureClickHouse();
  await asOwner(`create role ina login password 'right password'`);
  const { port } = await testCluster();
  const names = { 'localhost:5432': port, '127.0.0.1:5432': port, 'db.internal:5432': port };
  bastion = await startBastion({
    ...names,
    'localhost:8443': secure.port,
    'db.internal:8443': secure.port,
  });
  bastion.authorizedKeys.push(key.publicKey);
  context = createTestContext([bastion.port], { sshKeys: async () => [key] });
});
afterAll(async () => {
  await context.close();
  await bastion.close();
  await secure.close();
});

const tunnel = () => ({
  ...{ tunnel: true, tunnelHost: '127.0.0.1', tunnelPort: bastion.port, tunnelUser: 'sluice' },
  tunnelHostKey: bastion.fingerprint,
});
const postgresql = (changes: Record<string, unknown>, overrides: Partial<ConnectContext> = {}) =>
  postgresqlSource.open(
    {
      ...{ host: 'localhost', port: 5432, database: 'postgres', user: 'ina', password: 'right password' },
      ...{ sslMode: 'verify-full', sslCa: testAuthority, ...tunnel(), ...changes },
    },
    { ...context, ...overrides },
  );
const clickHouse = (url: string) =>
  clickHouseSource.open({ url, database: 'main', user: 'reader', password: 'right', ...tunnel() }, context);
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'read',
    (error: { code: string }) => error.code,
  );

test.each([
  ['the name that the certificate is made out to', { host: 'localhost' }, 'read'],
  ['its address, when the certificate has that', { host: '127.0.0.1' }, 'read'],
  ['another name', { host: 'db.internal' }, 'source_tls'],
  ['another name, unchecked', { host: 'db.internal', sslMode: 'require' }, 'read'],
  ['an authority that is not trusted', { sslCa: '' }, 'read'],
  ['the certificate of somebody else as authority', { sslCa: localCertificate.cert }, 'source_tls'],
])('PostgreSQL is encrypted as itself behind the SSH server: %s', async (_what, changes, expected) => {
  expect(await outcome(spooledRows(postgresql(changes), sql('select 1 as a')))).toBe(expected);
  await until('no connection is left', () => bastion.open === 0);
});

test('the checks name the encryption of the database', async () => {
  const checks = await Array.fromAsync(postgresql({}).check());
  expect(checks.find(({ name }) => name === 'tls')?.message).toMatch(/^TLSv1\.3, certificate verified/);
});

test('a query is cancelled through both encryptions', async () => {
  const abort = new AbortController();
  const reading = spooledRows(
    postgresql({}, { signal: abort.signal }),
    sql(`select pg_sleep(60)::text, 'k7'`),
  );
  const left = expect(reading).rejects.toThrow('left');
  const running = () =>
    asOwner(
      `select 1 from pg_stat_activity where state = 'active' and query like '%k7%' and pid <> pg_backend_pid()`,
    );
  await until('the query runs', async () => (await running()).length > 0);
  abort.abort(new Error('left'));
  await left;
  await until('the query is gone', async () => (await running()).length === 0);
  await until('no connection is left', () => bastion.open === 0);
});

test('ClickHouse is encrypted as itself behind the SSH server', async () => {
  const rows = sql('SELECT n FROM generate_series(1, 20000) AS many(n)');
  expect((await spooledRows(clickHouse('https://localhost:8443'), rows)).rows).toBe(20_000);
  expect(await outcome(clickHouse('https://db.internal:8443').describe(rows))).toBe('source_tls');
  await until('no connection is left', () => bastion.open === 0);
});

/** The stand-in for ClickHouse behind TLS. */
async function startSecureClickHouse() {
  const plain = await startClickHouseServer({ user: 'reader', password: 'right' });
  const server = createServer(localCertificate, (socket) => {
    const upstream = connect(plain.port, '127.0.0.1');
    socket.pipe(upstream).pipe(socket);
    for (const one of [socket, upstream]) one.on('error', () => undefined);
    socket.once('close', () => upstream.destroy());
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      await plain.close();
    },
  };
}
