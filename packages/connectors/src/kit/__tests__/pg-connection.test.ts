import {
  clientCertificate,
  expiredCertificate,
  foreignCertificate,
  localCertificate,
  testAuthority,
} from '@sluice/testing/certificates';
import { startHttpServer } from '@sluice/testing/http-server';
import { asOwner, testCluster } from '@sluice/testing/postgres';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestContext } from '../../destinations/__tests__/destination-context.ts';
import type { ConnectContext } from '../context.ts';
import { connectPg, type PgSession } from '../pg-connection.ts';
import { readPgSettings } from '../pg-settings.ts';
import { useCertificate, writeServerFile } from './use-certificate.ts';

let port: number;
beforeAll(async () => {
  port = (await testCluster()).port;
  await asOwner(`create role ann login password 'right password'`);
  await asOwner(`create role shut nologin password 'x'`);
});

const given = (overrides: Record<string, unknown> = {}) => ({
  host: '127.0.0.1',
  port,
  database: 'postgres',
  user: 'ann',
  password: 'right password',
  sslMode: 'disable',
  ...overrides,
});

async function inSession<T>(
  configuration: Record<string, unknown>,
  work: (session: PgSession) => Promise<T>,
  overrides: Partial<ConnectContext> = {},
): Promise<T> {
  const settings = readPgSettings(configuration);
  const context = createTestContext([port, settings.port], overrides);
  const session = await connectPg(settings, context, 'source');
  try {
    return await work(session);
  } finally {
    await session.end();
    await context.close();
  }
}

const signIn = (overrides: Record<string, unknown>) => inSession(given(overrides), async () => 'signed in');

describe('signing in', () => {
  test('shows the label as application name', async () => {
    const rows = await inSession(given(), (session) =>
      session.queryText(`select application_name from pg_stat_activity where pid = pg_backend_pid()`),
    );
    expect(rows).toEqual([['sluice test']]);
  });

  test.each([
    ['a wrong password', { password: 'wrong' }, 'source_auth'],
    ['no password', { password: '' }, 'source_auth'],
    ['an unknown user', { user: 'nobody' }, 'source_auth'],
    ['a role that may not log in', { user: 'shut', password: 'x' }, 'source_auth'],
    ['an unknown database', { database: 'nowhere' }, 'source_auth'],
    ['an address that is not allowed', { host: '127.0.0.2' }, 'egress_refused'],
    ['an unknown host', { host: 'no-such-host.invalid' }, 'source_unreachable'],
    ['a closed port', { port: 1 }, 'source_unreachable'],
  ])('%s', async (_what, overrides, code) => {
    const failure = await signIn(overrides).catch((error: Error) => error);
    expect(failure).toMatchObject({ code });
    expect(String(failure)).not.toContain('right password');
  });

  test('a port that speaks something else reads like a closed one', async () => {
    const http = await startHttpServer();
    const words = async (other: number) =>
      signIn({ port: other }).catch((error: Error) => error.message.replace(`:${other}`, ':PORT'));
    expect(await words(http.port)).toBe(await words(1));
    await http.close();
  });

  test('takes nothing from the environment', async () => {
    vi.stubEnv('PGPASSWORD', 'right password');
    vi.stubEnv('PGUSER', 'ann');
    vi.stubEnv('PGSSLMODE', 'disable');
    try {
      await expect(signIn({ password: '' })).rejects.toMatchObject({ code: 'source_auth' });
      await expect(signIn({ sslMode: 'require' })).rejects.toMatchObject({ code: 'source_tls' });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test.each(['/tmp', 'a,b', 'a?host=/tmp', 'a b', 'a@b', 'http://a'])('%j is not a host', (host) => {
    expect(() => readPgSettings(given({ host }))).toThrow(
      expect.objectContaining({
        code: 'input_invalid',
        fields: { 'configuration.host': expect.stringContaining('only the host') },
      }),
    );
  });
});

describe('statements', () => {
  test('several statements in one are refused by the server', async () => {
    await expect(inSession(given(), (session) => session.query('select 1; select 2'))).rejects.toThrow(
      /multiple commands/,
    );
  });

  test('an abort cancels the statement on the server and ends the session', async () => {
    const abort = new AbortController();
    const running = inSession(given(), (session) => session.query(`select pg_sleep(60), 'k1 sleeps'`), {
      signal: abort.signal,
    });
    const active = () =>
      asOwner<{ state: string }>(
        `select state from pg_stat_activity where query like '%k1 sleeps%' and pid <> pg_backend_pid()`,
      );
    await until('the statement runs', async () => (await active()).some(({ state }) => state === 'active'));
    const startedAt = performance.now();
    abort.abort(new Error('cancelled by a person'));
    await expect(running).rejects.toThrow('cancelled by a person');
    await until('the statement is gone', async () => (await active()).length === 0);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test('a session that the server ends is a failure with a name', async () => {
    await inSession(given(), async (session) => {
      const [row] = await session.queryText('select pg_backend_pid()');
      const outcome = expect(session.query('select pg_sleep(60)')).rejects.toMatchObject({
        code: 'source_ended_early',
      });
      await asOwner('select pg_terminate_backend($1)', [Number(row?.[0])]);
      await outcome;
    });
  });
});

describe('encryption', () => {
  test('a server without it', async () => {
    await expect(signIn({ sslMode: 'require' })).rejects.toMatchObject({
      code: 'source_tls',
      fix: expect.stringContaining('Disable'),
    });
  });

  describe.each([
    ['a good certificate', localCertificate, 'signed in', 'signed in'],
    ['a certificate for another host', foreignCertificate, 'signed in', 'source_tls'],
    ['an expired certificate', expiredCertificate, 'signed in', 'source_tls'],
  ])('a server with %s', (_what, certificate, required, verified) => {
    beforeAll(() => useCertificate(certificate));

    const outcome = (overrides: Record<string, unknown>) =>
      signIn(overrides).catch((error: { code: string }) => error.code);

    test('mode Require', async () => {
      expect(await outcome({ sslMode: 'require' })).toBe(required);
    });

    test('mode Verify full, with the authority', async () => {
      expect(await outcome({ sslMode: 'verify-full', sslCa: testAuthority })).toBe(verified);
    });

    test('mode Verify full, without the authority', async () => {
      expect(await outcome({ sslMode: 'verify-full' })).toBe('source_tls');
    });

    test('a statement is cancelled over an encrypted connection too', async () => {
      const cancelled = inSession(given({ sslMode: 'require' }), async (session) => {
        const running = session.query('select pg_sleep(60)').catch((error: { code: string }) => error.code);
        await until('the cancel arrives', async () => {
          await session.cancel();
          return (await Promise.race([running, Promise.resolve('running')])) !== 'running';
        });
        return running;
      });
      expect(await cancelled).toBe('source_timeout');
    });
  });
});

describe('a client certificate', () => {
  beforeAll(async () => {
    await useCertificate(localCertificate);
    await writeServerFile(clientCertificate.cert, 'clients.crt');
    await asOwner("alter system set ssl_ca_file = 'clients.crt'");
    await asOwner('select pg_reload_conf()');
    await until(
      'the server asks for certificates',
      async () =>
        (await asOwner<{ ssl_ca_file: string }>('show ssl_ca_file'))[0]?.ssl_ca_file === 'clients.crt',
    );
  });
  afterAll(async () => {
    await asOwner('alter system reset ssl_ca_file');
    await asOwner('select pg_reload_conf()');
  });
  const named = (overrides: Record<string, unknown>) =>
    inSession(given({ sslMode: 'require', ...overrides }), async (session) =>
      session.queryText('select client_dn from pg_stat_ssl where pid = pg_backend_pid()'),
    );

  test('is shown to a server that asks for one', async () => {
    const { cert, key } = clientCertificate;
    expect(await named({ sslCert: cert, sslKey: key })).toEqual([['/CN=sluice_client']]);
    expect(await named({})).toEqual([[null]]);
  });

  test('that the server does not know ends in a message about encryption', async () => {
    const { cert, key } = foreignCertificate;
    await expect(named({ sslCert: cert, sslKey: key })).rejects.toMatchObject({ code: 'source_tls' });
  });

  test.each([
    ['a key that is another', { sslKey: localCertificate.key }, 'sslKey'],
    ['no key', { sslKey: '' }, 'sslKey'],
    ['a certificate that is none', { sslCert: 'paste' }, 'sslCert'],
  ])('with %s is said to be wrong before anything is sent', (_what, wrong, field) => {
    const { cert, key } = clientCertificate;
    expect(() => readPgSettings(given({ sslMode: 'require', sslCert: cert, sslKey: key, ...wrong }))).toThrow(
      expect.objectContaining({
        code: 'input_invalid',
        fields: { [`configuration.${field}`]: expect.stringMatching(/\.$/) },
      }),
    );
  });
});
