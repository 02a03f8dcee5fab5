import type { TargetPostgres } from '@sluice/services/testing/start-target-postgres';

/** Columns of the table `people`: ten, about 200 bytes a row. */
export const columns = [
  'id',
  'email',
  'first_name',
  'last_name',
  'company',
  'city',
  'plan',
  'amount',
  'active',
  'updated_at',
] as const;

export const tableSql = (name: string): string => `create table ${name} (
  id bigint primary key, email text, first_name text, last_name text, company text, city text, plan text,
  amount numeric(12,2), active boolean, updated_at timestamptz)`;

export async function fillPeople(target: TargetPostgres, rows: number): Promise<void> {
  await target.run(
    tableSql('public.people'),
    `insert into public.people
     select n, 'person.' || n || '.' || left(md5(n::text), 10) || '@example.com', 'First ' || md5('f' || n),
       'Last ' || md5('l' || n), 'Company number ' || n % 5000 || ' Ltd.', 'City ' || n % 997,
       (array['free','team','business'])[1 + n % 3], (n % 100000)::numeric / 7, n % 5 <> 0,
       timestamptz '2026-01-01 00:00:00Z' + n * interval '7 seconds'
     from generate_series(1, ${rows}) n`,
    'analyze public.people',
  );
}
