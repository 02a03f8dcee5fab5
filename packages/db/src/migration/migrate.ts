import pg from 'pg';
import { filters, readMigrations, withSchemaEngine } from './schema-engine.ts';

/** Serialises processes that migrate one database at once; any number does. */
const lockKey = 7_351_204;

/**
 * Brings a database to the newest migration and answers the names of those it applied. Safe to call from several
 * processes at once. Creates nothing outside the database of the URL.
 */
export async function migrate(url: string): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [lockKey]);
    const migrationsList = await readMigrations();
    const result = await withSchemaEngine(url, (engine) =>
      engine.applyMigrations({ migrationsList, filters }),
    );
    return result.appliedMigrationNames;
  } finally {
    await lock.end();
  }
}
