import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, startCluster } from '@sluice/db/embedded/start-cluster';
import { migrate } from '@sluice/db/migration/migrate';
import pg from 'pg';

/** A server of its own for the tests of one process, made on first use, gone when `stopPostgres` was called. */
let cluster: Promise<Cluster & { directory: string }> | null = null;
let template: Promise<string> | null = null;
let databases = 0;

/** Starts (once) the embedded PostgreSQL without durability: it lives as long as the tests. */
export function testCluster(): Promise<Cluster & { directory: string }> {
  cluster ??= begin();
  return cluster;
}

async function begin(): Promise<Cluster & { directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-test-'));
  const settings = [
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'max_connections=200',
    'shared_buffers=64MB',
  ];
  const started = await startCluster({ directory, settings });
  return { ...started, directory };
}

/** Runs SQL on the server as its owner; for tests that make roles, kill sessions and the like. */
export async function asOwner<Row extends pg.QueryResultRow>(
  sql: string,
  values: unknown[] = [],
  database = 'postgres',
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: (await testCluster()).url(database) });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** A new empty database; answers its URL and name. */
export async function createEmptyDatabase(): Promise<{ url: string; name: string }> {
  const name = `test_${process.pid}_${++databases}`;
  await asOwner(`create database ${name}`);
  return { url: (await testCluster()).url(name), name };
}

/** A new database with Sluice's own tables, cloned from a template that was migrated once. Answers its URL. */
export async function createSluiceDatabase(): Promise<string> {
  template ??= createEmptyDatabase().then(async ({ url, name }) => {
    await migrate(url);
    return name;
  });
  const source = await template;
  const name = `test_${process.pid}_${++databases}`;
  await asOwner(`create database ${name} template ${source}`);
  return (await testCluster()).url(name);
}

/** Stops the server and removes its files. The preset of `@sluice/config` calls it after each test file. */
export async function stopPostgres(): Promise<void> {
  if (!cluster) return;
  const { stop, directory } = await cluster;
  cluster = null;
  template = null;
  await stop();
  await rm(directory, { recursive: true, force: true });
}
