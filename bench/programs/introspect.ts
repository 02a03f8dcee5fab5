// What a person waits for who opens the tables of a source: all of them, with their columns.
import { sourceCases } from '@sluice/connectors/__tests__/connector-cases';
import { openPlaces } from '@sluice/connectors/__tests__/places';
import { sourceDefinitions } from '@sluice/connectors/registry';
import { createMariadbDatabase, findMariadb, runOnMariadb } from '@sluice/testing/mariadb';
import { asOwner, stopPostgres } from '@sluice/testing/postgres';
import { type Lap, measure, startWatch } from './measure.ts';

interface Input {
  readonly slug: 'postgresql' | 'mysql';
  readonly tables: number;
}

const columns = Array.from({ length: 9 }, (_, index) => `column_${index} varchar(100)`).join(', ');
const names = (tables: number): string[] =>
  Array.from({ length: tables }, (_, index) => `table_${String(index).padStart(5, '0')}`);

await measure(async ({ slug, tables }: Input) => {
  const { places, context, close } = await openPlaces();
  const tidy: (() => Promise<void>)[] = [close, stopPostgres];
  if (slug === 'postgresql') {
    const { database, user } = places.postgres;
    await asOwner('create schema many', [], database);
    const made = names(tables).map(
      (name) => `create table many.${name} (id bigint primary key, ${columns});`,
    );
    // A transaction may hold so many locks and no more.
    for (let from = 0; from < made.length; from += 500)
      await asOwner(made.slice(from, from + 500).join('\n'), [], database);
    await asOwner(
      `grant usage on schema many to "${user}"; grant select on all tables in schema many to "${user}"`,
      [],
      database,
    );
  } else {
    const server = await findMariadb();
    if (!server) throw new Error('No MariaDB answers on this machine.');
    const { name: database, drop } = await createMariadbDatabase(server);
    tidy.unshift(drop);
    const made = names(tables).map((name) => `create table ${name} (id bigint primary key, ${columns})`);
    await runOnMariadb(server, made, database);
  }
  try {
    const definition = sourceDefinitions[slug];
    const one = sourceCases[slug];
    if (!definition || !one) throw new Error(`There is no source ${slug}.`);
    const slow = { ...context, timeouts: { connectMs: 10_000, requestMs: 300_000 } };
    const introspect = async (): Promise<Lap> => {
      const connection = definition.open(one.working(places), slow);
      const watch = startWatch();
      const found = await connection.introspect();
      const lap = watch();
      await connection.close();
      if (found.length < tables && found.length < 10_000) throw new Error(`Only ${found.length} were found.`);
      process.stderr.write(`${Math.round(JSON.stringify(found).length / 1024)} KB\n`);
      return lap;
    };
    await introspect();
    return await introspect();
  } finally {
    for (const step of tidy) await step();
  }
});
process.exit(0);
