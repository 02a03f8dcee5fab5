import { type BenchCase, inTurns } from '../bench-case.ts';
import { tableSql } from '../people.ts';
import type { Place } from '../place.ts';
import { runSync, tableSync } from '../product.ts';
import { runProgram } from '../program.ts';

/** All rows for the first time, into an empty table that is found by its primary key. */
export const firstRunPostgresql: BenchCase = {
  name: 'first-run-postgresql',
  title: 'first run, PostgreSQL to PostgreSQL upsert',
  ratioMax: 1.3,
  async measure(place, { repeat }) {
    const limit = async () => {
      const table = await emptyTable(place, 'by_hand');
      return runProgram('copy-merge.ts', { databaseUrl: place.databaseUrl, table: `public.${table}` });
    };
    const product = async () => runSync(place, await tableSync(place, await emptyTable(place, 'by_sluice')));
    return [await inTurns(repeat, limit, product)];
  },
};

async function emptyTable(place: Place, name: string): Promise<string> {
  await place.world.target.run(
    `drop table if exists public.${name}`,
    tableSql(`public.${name}`),
    'checkpoint',
  );
  return name;
}
