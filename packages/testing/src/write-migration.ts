// Replays the migrations on a scratch database and writes what is missing as a new one.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schemaDrift } from '@sluice/db/migration/schema-drift';
import { migrationsDirectory } from '@sluice/db/migration/schema-engine';
import { createSluiceDatabase, stopPostgres } from './postgres.ts';

const name = process.argv[2];
if (!name || !/^[a-z0-9_]+$/.test(name)) {
  process.stderr.write('Name the migration in snake_case: npm run migration -- add_labels\n');
  process.exit(2);
}
try {
  const sql = await schemaDrift(await createSluiceDatabase());
  if (sql === '') {
    process.stdout.write('The migrations already say what the schema says.\n');
  } else {
    const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
    const directory = join(migrationsDirectory, `${stamp}_${name}`);
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'migration.sql'), `${sql}\n`);
    process.stdout.write(`${join(directory, 'migration.sql')}\n`);
  }
} finally {
  await stopPostgres();
}
