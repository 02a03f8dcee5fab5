import type { Cluster } from '@sluice/db/embedded/start-cluster';
import { ensureDatabase } from '@sluice/db/migration/ensure-database';
import { runScript } from '@sluice/db/run-script';

/**
 * The database that the demo sync writes to: a small CRM whose table has rules of its own, so that some sample rows
 * are rejected and a newcomer can find out why. Made once; what is in it afterwards is left alone.
 */
export async function ensureDemoDatabase(cluster: Cluster, password: string) {
  await ensureDatabase(cluster.url('postgres'), 'crm');
  await runScript(cluster.url('crm'), [
    `do $$ begin
       if not exists (select from pg_roles where rolname = 'sluice_demo') then create role sluice_demo login; end if;
     end $$`,
    `alter role sluice_demo password '${password.replaceAll("'", "''")}'`,
    `create table if not exists public.contacts (
       user_id bigint primary key,
       email text not null,
       full_name text,
       company text,
       plan text,
       country text check (country is null or length(country) = 2),
       lifetime_value numeric(12, 2),
       last_seen_at timestamptz,
       updated_by_sync text
     )`,
    'grant usage on schema public to sluice_demo',
    'grant select, insert, update, delete on public.contacts to sluice_demo',
  ]);
  return { host: '127.0.0.1', port: cluster.port, database: 'crm', user: 'sluice_demo', password };
}
