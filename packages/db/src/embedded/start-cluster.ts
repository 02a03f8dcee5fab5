import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PostgresCommand } from './postgres-command.ts';

export interface Cluster {
  /** Connection URL of a database of the cluster. */
  url(database: string): string;
  readonly port: number;
  /** Closes sessions and stops the server; resolves when its processes are gone. */
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** Holds the cluster and its password; made if missing, kept afterwards. */
  readonly directory: string;
  /** Settings as `name=value`, for instance `fsync=off` in tests. */
  readonly settings?: readonly string[];
}

/**
 * Starts the PostgreSQL server that comes with the npm package, on a free loopback port, as its own session: a
 * Ctrl-C in the terminal does not reach it, so that the processes that use it can finish first. A server that an
 * earlier, killed process left running on the same directory is stopped first.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const data = join(options.directory, 'data');
  const passwordFile = join(options.directory, 'password');
  await mkdir(options.directory, { recursive: true });
  const command = await PostgresCommand.for(options.directory);
  if (!existsSync(join(data, 'PG_VERSION'))) {
    await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
    await command.own([options.directory, passwordFile]);
    await command.run('initdb', [
      '--pgdata',
      data,
      '--username',
      'sluice',
      '--pwfile',
      passwordFile,
      '--auth',
      'scram-sha-256',
      '--encoding',
      'UTF8',
      '--locale-provider',
      'builtin',
      '--builtin-locale',
      'C.UTF-8',
      '--no-instructions',
    ]);
  } else if (existsSync(join(data, 'postmaster.pid'))) {
    await command
      .run('pg_ctl', ['stop', '--pgdata', data, '--mode', 'immediate', '--wait'])
      .catch(() => undefined);
  }
  const portFile = join(options.directory, 'port');
  const remembered = Number(await readFile(portFile, 'utf8').catch(() => '0'));
  // The same port again where possible: connections that people have set up to this server keep working.
  const port = await freePort(remembered).catch(() => freePort(0));
  await writeFile(portFile, String(port));
  const flags = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `port=${port}`,
    ...(options.settings ?? []),
  ];
  await command.run('pg_ctl', [
    'start',
    '--pgdata',
    data,
    '--wait',
    '--timeout',
    '60',
    '--log',
    join(options.directory, 'server.log'),
    '--options',
    flags.map((flag) => `-c ${flag}`).join(' '),
  ]);
  const password = (await readFile(passwordFile, 'utf8')).trim();
  return {
    port,
    url: (database) => `postgresql://sluice:${password}@127.0.0.1:${port}/${database}`,
    stop: () =>
      command.run('pg_ctl', ['stop', '--pgdata', data, '--mode', 'fast', '--wait', '--timeout', '60']),
  };
}

/** The wanted port, or any for 0; rejects when somebody listens on it. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
