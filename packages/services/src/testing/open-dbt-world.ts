import type { ManifestReport } from '@sluice/domain/dbt-project';
import type { ModelView } from '@sluice/domain/model';
import type { SyncView } from '@sluice/domain/sync';
import { type DbtManifestSpec, dbtManifest } from '@sluice/testing/dbt/artifacts';
import { createDbtProject } from '../dbt-project/create-dbt-project.ts';
import { receiveFile } from '../dbt-project/receive-file.ts';
import { takeManifest } from '../dbt-project/take-manifest.ts';
import { createModel } from '../model/create-model.ts';
import { openTestWorld, type TestWorld } from './open-test-world.ts';

/** A customer whose warehouse has what dbt builds: `analytics.base` with 20 rows, and two views of it. */
export interface DbtWorld extends TestWorld {
  project(): Promise<DbtProjectWorld>;
  file<Result>(content: unknown, work: (path: string) => Promise<Result>): Promise<Result>;
}

/** One dbt project of the customer. */
export interface DbtProjectWorld {
  readonly id: number;
  /** Takes a manifest; each is written a minute after the one before. */
  take(spec: DbtManifestSpec, apply?: boolean): Promise<ManifestReport>;
  query(name: string): { queryType: 'dbt'; dbtProjectId: number; uniqueId: string };
  /** A model that follows `model.shop.<name>`. */
  follow(name: string, more?: { sourceId?: number }): Promise<ModelView>;
  /** A sync of a model to a table of its own. */
  syncOf(modelId: number): Promise<SyncView & { rows(): Promise<number | undefined> }>;
}

/** A view with the columns id, email and city. */
export const customersNode = { name: 'customers', rawSql: 'select 1', compiledSql: 'select * from base' };

/** Opens the world with one worker. */
export async function openDbtWorld(): Promise<DbtWorld> {
  const world = await openTestWorld();
  await world.target.run(
    'create schema analytics',
    'create table analytics.base (id int primary key, email text, city text)',
    `insert into analytics.base select n, 'p' || n || '@example.com', 'Bern' from generate_series(1, 20) n`,
    'create view analytics.customers as select id, email, city from analytics.base',
    'create view analytics.clients as select id, email, city from analytics.base',
  );
  const { ctx, actor, sourceId } = world;
  const signal = () => ({ signal: AbortSignal.timeout(60_000) });
  let number = 0;
  let minute = 0;
  const file = <Result>(content: unknown, work: (path: string) => Promise<Result>) =>
    receiveFile(ctx, [Buffer.from(JSON.stringify(content))], work);

  return {
    ...world,
    file,
    async project() {
      number += 1;
      const { id } = await createDbtProject(ctx, actor, {
        name: `Shop ${number}`,
        sourceId,
        url: null,
        header: null,
      });
      const query = (name: string) => ({
        queryType: 'dbt' as const,
        dbtProjectId: id,
        uniqueId: `model.shop.${name}`,
      });
      return {
        id,
        query,
        take(spec, apply = true) {
          minute += 1;
          const generatedAt = new Date(Date.UTC(2026, 10, 22, 0, minute)).toISOString();
          return file(dbtManifest({ generatedAt, ...spec }), (path) =>
            takeManifest(ctx, actor, { id, path, apply }, signal()),
          );
        },
        follow(name, more = {}) {
          const input = { name, description: '', sourceId, query: query(name), primaryKey: 'id', tags: {} };
          return createModel(ctx, actor, { ...input, ...more, skipColumnQuery: false }, signal());
        },
        async syncOf(modelId) {
          number += 1;
          const table = `crm_${number}`;
          await world.target.run(`create table ${table} (id int primary key, email text)`);
          const sync = await world.sync({
            modelId,
            to: 'postgresql',
            configuration: {
              object: `public.${table}`,
              mode: 'upsert',
              matchKey: { from: 'id', to: 'id' },
              mappings: [{ type: 'column', from: 'email', to: 'email' }],
            },
          });
          const rows = async () =>
            (await world.target.query<{ n: number }>(`select count(*)::int as n from ${table}`))[0]?.n;
          return { ...sync, rows };
        },
      };
    },
  };
}
