import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clientCertificate, localCertificate, testAuthority } from './certificates.ts';
import { type MariadbServer, runOnMariadb } from './mariadb.ts';
import { until } from './until.ts';

const installer = ['/usr/bin/mariadb-install-db', '/usr/local/bin/mariadb-install-db'].find(existsSync);
const program = ['/usr/sbin/mariadbd', '/usr/local/sbin/mariadbd'].find(existsSync);
/** Whether MariaDB is installed on this machine. */
export const hasMariadb = installer !== undefined && program !== undefined;

/**
 * A MariaDB of its own that shows `localCertificate`, and knows clients by `clientCertificate`. Its user `ann` has to show that one;
 * `bob` does not. Both have the password `right`.
 */
export async function startSecureMariadb(): Promise<MariadbServer & { close(): Promise<void> }> {
  if (!installer || !program) throw new Error('MariaDB is not installed');
  const directory = await mkdtemp(join(tmpdir(), 'sluice-mariadb-'));
  const at = (name: string): string => join(directory, name);
  const common = ['--no-defaults', `--datadir=${at('data')}`, `--user=${userInfo().username}`];
  await promisify(execFile)(installer, [
    ...common,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ]);
  await writeFile(at('server.crt'), localCertificate.cert);
  await writeFile(at('server.key'), localCertificate.key);
  await writeFile(at('clients.crt'), `${clientCertificate.cert}${testAuthority}`);
  const port = await freePort();
  const child = spawn(
    program,
    [
      ...common,
      ...[`--port=${port}`, '--bind-address=127.0.0.1', `--socket=${at('socket')}`],
      ...[`--ssl-cert=${at('server.crt')}`, `--ssl-key=${at('server.key')}`, `--ssl-ca=${at('clients.crt')}`],
    ],
    { stdio: 'ignore' },
  );
  const server = { host: '127.0.0.1', port, user: 'root', password: '' };
  await until('MariaDB answers', () =>
    runOnMariadb(server, [
      `CREATE OR REPLACE USER ann@'%' IDENTIFIED BY 'right' REQUIRE SUBJECT '/CN=sluice_client'`,
      `CREATE OR REPLACE USER bob@'%' IDENTIFIED BY 'right' REQUIRE SSL`,
    ]).then(
      () => true,
      () => false,
    ),
  );
  return {
    ...server,
    async close() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
