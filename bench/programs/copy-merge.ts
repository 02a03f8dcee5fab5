// The limit of writing to PostgreSQL: COPY out piped into COPY into a temporary table, then one MERGE.
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { columns } from '../people.ts';
import { measure } from './measure.ts';

await measure(async ({ databaseUrl, table }: { databaseUrl: string; table: string }) => {
  const source = new pg.Client(databaseUrl);
  const target = new pg.Client(databaseUrl);
  await Promise.all([source.connect(), target.connect()]);
  await target.query('begin');
  await target.query('create temp table staged (like public.people) on commit drop');
  await pipeline(
    source.query(copyTo('copy public.people to stdout')),
    target.query(copyFrom('copy staged from stdin')),
  );
  const others = columns.filter((name) => name !== 'id');
  await target.query(`merge into ${table} t using staged s on t.id = s.id
    when matched then update set ${others.map((name) => `${name} = s.${name}`).join(', ')}
    when not matched then insert (${columns.join(', ')}) values (${columns.map((name) => `s.${name}`).join(', ')})`);
  await target.query('commit');
  await Promise.all([source.end(), target.end()]);
  return undefined;
});
process.exit(0);
