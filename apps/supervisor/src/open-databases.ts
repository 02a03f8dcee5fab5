import { join } from 'node:path';
import { type Cluster, startCluster } from '@sluice/db/embedded/start-cluster';
import { ensureDatabase } from '@sluice/db/migration/ensure-database';
import { ensureDemoDatabase } from './ensure-demo-database.ts';
import type { Environment } from './env.ts';
import type { LocalKeys } from './local-keys.ts';

export interface Databases {
  /** Sluice's own database. */
  readonly url: string;
  /** Where the demo sync writes to; `null` without a demo. */
  readonly demo: { host: string; port: number; database: string; user: string; password: string } | null;
  /** `host:port` that connections may reach although it is on this machine. */
  readonly allow: string[];
  stop(): Promise<void>;
}

/**
 * Sluice's database (embedded unless DATABASE_URL names one), and a second embedded server that plays the customer's
 * own database in the demo: Sluice never lets a connection reach the server that holds its own data.
 */
export async function openDatabases(env: Environment, keys: LocalKeys): Promise<Databases> {
  const clusters: Cluster[] = [];
  const stop = async () => {
    await Promise.all(clusters.map((cluster) => cluster.stop()));
  };
  try {
    const own = env.DATABASE_URL
      ? null
      : await startCluster({ directory: join(env.DATA_DIR, 'postgres'), settings: ['shared_buffers=128MB'] });
    if (own) {
      clusters.push(own);
      await ensureDatabase(own.url('postgres'), 'sluice');
    }
    const url = env.DATABASE_URL ?? own?.url('sluice') ?? '';
    if (!env.DEMO) return { url, demo: null, allow: [], stop };
    const demoCluster = await startCluster({
      directory: join(env.DATA_DIR, 'demo-postgres'),
      settings: ['shared_buffers=32MB', 'max_connections=30'],
    });
    clusters.push(demoCluster);
    const demo = await ensureDemoDatabase(demoCluster, keys.demoDatabasePassword);
    return { url, demo, allow: [`${demo.host}:${demo.port}`], stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}
