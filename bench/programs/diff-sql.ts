// The limit of a comparison inside PostgreSQL: one statement by hand, a hash of each row and a full join.
import pg from 'pg';
import { measure, startWatch } from './measure.ts';

interface Input {
  readonly databaseUrl: string;
  /** Writes the table of hashes instead of comparing with it. */
  readonly makes?: boolean;
}

await measure(async ({ databaseUrl, makes }: Input) => {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const hashed = 'select id::text as key, md5(p::text) as hash from public.people p';
  if (makes) {
    await client.query(`create unlogged table if not exists public.limit_hashes as ${hashed}`);
    await client.query('alter table public.limit_hashes add primary key (key)');
    await client.query('analyze public.limit_hashes');
    await client.end();
    return undefined;
  }
  const watch = startWatch();
  await client.query(`
    select count(m.key), count(*) filter (where l.key is null), count(*) filter (where m.key is null),
      count(*) filter (where m.hash <> l.hash)
    from (${hashed}) m full join public.limit_hashes l on l.key = m.key`);
  const lap = watch();
  await client.end();
  return lap;
});
process.exit(0);
