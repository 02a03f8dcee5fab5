import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeSync } from '../sync/remove-sync.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { checkSource } from './check-source.ts';
import { createSource } from './create-source.ts';
import { getSource } from './get-source.ts';
import { removePlannerTables } from './remove-planner-tables.ts';
import { tidyPlanner, tidyPlanners } from './tidy-planner.ts';
import { updateSource } from './update-source.ts';

let world: TestWorld;
const signal = AbortSignal.timeout(120_000);

beforeAll(async () => {
  world = await openTestWorld();
  await world.target.run(
    'create table people (id int primary key, name text)',
    `insert into people select i, 'n' || i from generate_series(1, 50) i`,
    'create table copies (id int primary key, name text)',
    'create schema sluice_planner',
  );
});
afterAll(() => world.close());

const plans = (planner: 'local' | 'warehouse') =>
  updateSource(world.ctx, world.actor, {
    id: world.sourceId,
    configuration: { ...world.target.configuration, planner },
  });

async function tables(): Promise<string[]> {
  const rows = await world.target.query<{ relname: string }>(
    `select relname::text from pg_class where relnamespace = 'sluice_planner'::regnamespace and relkind = 'r' order by 1`,
  );
  return rows.map(({ relname }) => relname);
}

async function peopleSync() {
  const modelId = await world.model({ sql: 'select id, name from people' });
  return world.sync({
    modelId,
    to: 'postgresql',
    configuration: {
      object: 'public.copies',
      mode: 'mirror',
      matchKey: { from: 'id', to: 'id' },
      mappings: [{ type: 'column', from: 'name', to: 'name' }],
    },
  });
}

describe('the planner of a source', () => {
  test('plans runs from what has changed, and its tables go with the sync', async () => {
    expect((await plans('warehouse')).plannerTables).toBe(true);
    const sync = await peopleSync();
    expect((await world.run(sync.id)).counts.planned.added).toBe(50);
    expect((await world.run(sync.id)).counts).toMatchObject({ queried: 50, unchanged: 50 });
    await world.target.run(`update people set name = 'new' where id = 7`, 'delete from people where id = 9');
    const run = await world.run(sync.id);
    expect(run.counts).toMatchObject({
      queried: 49,
      unchanged: 48,
      planned: { changed: 1, removed: 1, added: 0 },
    });
    expect((await world.run(sync.id)).counts).toMatchObject({ queried: 49, unchanged: 49 });
    expect(await tables()).toEqual([`ledger_${sync.id}`, `seen_${sync.id}`, `version_${sync.id}`]);

    await removeSync(world.ctx, world.actor, { id: sync.id });
    await tidyPlanner(world.ctx, { workspaceId: world.actor.workspaceId, sourceId: world.sourceId }, signal);
    expect(await tables()).toEqual([]);
  });

  test('leaves nothing behind when rows are compared in Sluice again, and sends nothing again', async () => {
    await plans('warehouse');
    const sync = await peopleSync();
    await world.run(sync.id);
    await world.run(sync.id);
    expect(await tables()).not.toEqual([]);
    await plans('local');
    await tidyPlanners(world.ctx, signal);
    expect(await tables()).toEqual([]);
    const source = await getSource(world.ctx, world.actor, { id: world.sourceId });
    expect(source.plannerTables).toBe(false);
    expect((await world.run(sync.id)).counts).toMatchObject({ queried: 49, unchanged: 49 });
  });

  test('can be asked to remove its tables; the next run writes them anew', async () => {
    await plans('warehouse');
    const sync = await peopleSync();
    await world.run(sync.id);
    await world.run(sync.id);
    const removed = await removePlannerTables(world.ctx, world.actor, { id: world.sourceId }, { signal });
    expect(removed).toEqual({ removed: 1 });
    expect(await tables()).toEqual([]);
    expect((await world.run(sync.id)).counts).toMatchObject({ queried: 49, unchanged: 49 });
    expect(await tables()).toContain(`ledger_${sync.id}`);
  });

  test('leaves the tables of another source alone that leads to the same database', async () => {
    await plans('warehouse');
    const sync = await peopleSync();
    await world.run(sync.id);
    await world.run(sync.id);
    const other = await createSource(world.ctx, world.actor, {
      name: 'Other',
      type: 'postgresql',
      configuration: { ...world.target.configuration, planner: 'warehouse' },
    });
    await removePlannerTables(world.ctx, world.actor, { id: other.id }, { signal });
    expect(await tables()).toContain(`ledger_${sync.id}`);
  });

  test('says what to grant when it may not make tables, and sends nothing', async () => {
    const configuration = { ...world.target.configuration, planner: 'warehouse' };
    await world.target.run(
      `create role plain login password 'p'`,
      'grant select on people to plain',
      // As the statements for a reader have it.
      'alter role plain set default_transaction_read_only = on',
    );
    const check = async () =>
      (
        await checkSource(
          world.ctx,
          world.actor,
          { type: 'postgresql', configuration: { ...configuration, user: 'plain', password: 'p' } },
          { signal },
        )
      ).find(({ name }) => name === 'planner');
    const failed = await check();
    expect(failed).toMatchObject({ status: 'failed' });
    expect(failed?.fix).toContain('GRANT USAGE, CREATE ON SCHEMA sluice_planner TO "plain";');
    const [, ...statements] = failed?.fix?.split('\n') ?? [];
    await world.target.run(...statements);
    expect(await check()).toMatchObject({ status: 'passed' });
  });

  test('a viewer may not remove tables', async () => {
    const viewer = { ...world.actor, permissions: new Set() } as unknown as typeof world.actor;
    const failure = await failureOf(
      removePlannerTables(world.ctx, viewer, { id: world.sourceId }, { signal }),
    );
    expect(failure.code).toBe('forbidden');
  });
});
