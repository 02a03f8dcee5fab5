/** What `programs/warehouses.ts` says when it is ready. */
export interface Warehouses {
  /** Configuration of each source that runs here, by slug. */
  readonly configurations: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Sources that are measured, and how each of them calls the table of people. */
export const tables: Readonly<Record<string, string>> = {
  postgresql: 'public.people',
  mysql: 'test.sluice_bench_people',
  redshift: 'public.people',
  clickhouse: 'main.people',
  snowflake: 'main.people',
  bigquery: 'main.people',
};
