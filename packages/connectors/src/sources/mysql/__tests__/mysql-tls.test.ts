import { clientCertificate, localCertificate, testAuthority } from '@sluice/testing/certificates';
import { hasMariadb, startSecureMariadb } from '@sluice/testing/mariadb-secure';
import { startBastion, type TestBastion } from '@sluice/testing/ssh/bastion';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import { createEgress } from '../../../kit/egress.ts';
import { createSshKey } from '../../../kit/ssh/ssh-key.ts';
import { spooledRows, sql } from '../../__tests__/spooled-rows.ts';
import { mysqlSource } from '../definition.ts';

describe.skipIf(!hasMariadb)(
  `encryption to MySQL${hasMariadb ? '' : ' (not tested: MariaDB is not installed)'}`,
  () => {
    let server: Awaited<ReturnType<typeof startSecureMariadb>>;
    let bastion: TestBastion;
    let context: TestContext;
    const egress = () =>
      createEgress({ allow: [`localhost:${server.port}`, `127.0.0.1:${bastion.port}`], deny: [] });

    beforeAll(async () => {
      server = await startSecureMariadb();
      bastion = await startBastion({ 'localhost:3306': server.port, 'db.internal:3306': server.port });
      const key = await createSshKey('sluice test');
      bastion.authorizedKeys.push(key.publicKey);
      context = createTestContext([], { egress: egress(), sshKeys: async () => [key] });
    }, 120_000);
    afterAll(async () => {
      await context?.close();
      await bastion?.close();
      await server?.close();
    });

    const outcome = (changes: Record<string, unknown>) =>
      spooledRows(
        mysqlSource.open(
          {
            ...{ host: 'localhost', port: server.port, database: 'information_schema' },
            ...{ user: 'bob', password: 'right', sslMode: 'verify-full', sslCa: testAuthority, ...changes },
          },
          context,
        ),
        sql("SELECT CURRENT_USER() AS who, 'x' AS x"),
      ).then(
        ({ cells }) => cells[0]?.[0],
        (error: { code: string }) => error.code,
      );
    const hidden = (host: string) => ({
      ...{ host, port: 3306, tunnel: true, tunnelHost: '127.0.0.1', tunnelPort: bastion.port },
      ...{ tunnelUser: bastion.user, tunnelHostKey: bastion.fingerprint },
    });

    test('a certificate is checked against the authority and the host', async () => {
      expect(await outcome({})).toBe('bob@%');
      expect(await outcome({ sslMode: 'require', sslCa: '' })).toBe('bob@%');
      expect(await outcome({ sslCa: '' })).toBe('source_tls');
      expect(await outcome({ sslCa: clientCertificate.cert })).toBe('source_tls');
    });

    test('behind an SSH server it is checked against the name of the database', async () => {
      expect(await outcome(hidden('localhost'))).toBe('bob@%');
      expect(await outcome(hidden('db.internal'))).toBe('source_tls');
      expect(await outcome({ ...hidden('db.internal'), sslMode: 'require' })).toBe('bob@%');
      await until('no connection is left', () => bastion.open === 0);
    });

    test('a client is known by its certificate', async () => {
      const { cert, key } = clientCertificate;
      expect(await outcome({ user: 'ann', sslCert: cert, sslKey: key })).toBe('ann@%');
      expect(await outcome({ user: 'ann', sslMode: 'require', sslCert: cert, sslKey: key })).toBe('ann@%');
      expect(await outcome({ ...hidden('localhost'), user: 'ann', sslCert: cert, sslKey: key })).toBe(
        'ann@%',
      );
      expect(await outcome({ user: 'ann' })).toBe('source_auth');
      const other = { sslCert: localCertificate.cert, sslKey: localCertificate.key };
      expect(await outcome({ user: 'ann', ...other })).toBe('source_tls');
    });
  },
);
