import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@sluice/db/client';
import { type Cluster, startCluster } from '@sluice/db/embedded/start-cluster';
import { ensureDatabase } from '@sluice/db/migration/ensure-database';
import { migrate } from '@sluice/db/migration/migrate';
import { soon } from './soon.ts';

/** Sluice's own database on a server that can be stopped and killed. */
export interface RestartablePostgres {
  readonly url: string;
  start(): Promise<void>;
  /** As an operator stops it. */
  stop(): Promise<void>;
  /** As after the loss of the machine: every process ends where it is, and the log is replayed at the next start. */
  crash(): Promise<void>;
  /** Runs a statement over a connection of its own, as the owner of the server. */
  run(sql: string): Promise<void>;
  remove(): Promise<void>;
}

/** Starts the server, durable as in production, with an empty database of Sluice. */
export async function startRestartablePostgres(): Promise<RestartablePostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-own-'));
  let cluster: Cluster = await startCluster({ directory });
  const url = cluster.url('sluice');
  await ensureDatabase(cluster.url('postgres'), 'sluice');
  await migrate(url);
  return {
    url,
    async start() {
      cluster = await startCluster({ directory });
    },
    stop: () => cluster.stop(),
    async crash() {
      const [first] = (await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n');
      const pid = Number(first);
      process.kill(pid, 'SIGQUIT');
      await soon('the end of the server', () => !isAlive(pid));
    },
    async run(sql) {
      const db = openDatabase(url, { poolMax: 1 });
      try {
        // Some statements may stand in no transaction.
        for (const statement of sql.split(';')) await db.$executeRawUnsafe(statement);
      } finally {
        await db.$disconnect();
      }
    },
    async remove() {
      await cluster.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
