import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@sluice/db/client';
import { startCluster } from '@sluice/db/embedded/start-cluster';

/** A PostgreSQL server that plays a customer's database: Sluice refuses to connect to its own one. */
export interface TargetPostgres {
  /** For `EGRESS_ALLOW`. */
  readonly hostPort: string;
  /** The fields of a connection to the database `postgres`. */
  readonly configuration: Record<string, unknown>;
  readonly password: string;
  /** Runs statements as the owner of the server. */
  run(...statements: string[]): Promise<void>;
  query<Row>(sql: string): Promise<Row[]>;
  stop(): Promise<void>;
}

/** Starts the server in a directory of its own; `stop` removes both. */
export async function startTargetPostgres(): Promise<TargetPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-target-'));
  const cluster = await startCluster({ directory, settings: ['fsync=off', 'max_connections=50'] });
  const url = new URL(cluster.url('postgres'));
  const db = openDatabase(url.href, { poolMax: 2 });
  const password = decodeURIComponent(url.password);
  return {
    hostPort: `127.0.0.1:${cluster.port}`,
    password,
    configuration: {
      host: '127.0.0.1',
      port: cluster.port,
      database: 'postgres',
      user: 'sluice',
      password,
      sslMode: 'disable',
    },
    async run(...statements) {
      for (const statement of statements) await db.$executeRawUnsafe(statement);
    },
    query: (sql) => db.$queryRawUnsafe(sql),
    async stop() {
      await db.$disconnect();
      await cluster.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
