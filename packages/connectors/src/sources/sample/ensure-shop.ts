import { randomUUID } from 'node:crypto';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { shopSql, shopVersion } from './shop-tables.ts';

/** Generations under way in this process, by directory. */
const underWay = new Map<string, Promise<string>>();

/**
 * Path of the shop's database file; makes it when it is not there yet (a few seconds). Safe to call from several
 * processes at once: each makes its own file, and the renames replace equal by equal. `directory` holds one folder
 * per version of the data.
 */
export function ensureShop(directory: string): Promise<string> {
  const known = underWay.get(directory);
  if (known) return known;
  const made = makeShop(directory).finally(() => underWay.delete(directory));
  underWay.set(directory, made);
  return made;
}

async function makeShop(directory: string): Promise<string> {
  const folder = join(directory, `v${shopVersion}`);
  // Not named shop: DuckDB could not tell the database from the schema.
  const path = join(folder, 'data.duckdb');
  if (await exists(path)) return path;
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `draft-${randomUUID()}.duckdb`);
  try {
    await generate(draft);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
    await rm(`${draft}.wal`, { force: true });
  }
  return path;
}

async function generate(path: string): Promise<void> {
  const instance = await DuckDBInstance.create(path, { memory_limit: '256MB', threads: '2' });
  try {
    const connection = await instance.connect();
    // Days have to be the same wherever the data is made.
    await connection.run("SET TimeZone = 'UTC'");
    for (const statement of shopSql()) await connection.run(statement);
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
