// What an edit of a sync, a model or a destination does to rows that were delivered before.
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { SyncConfiguration } from '@sluice/domain/sync';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { effectOfMove } from '../destination/effect-of-move.ts';
import { updateDestination } from '../destination/update-destination.ts';
import { dryRun } from '../dry-run/dry-run.ts';
import { modelImpact } from '../model/model-impact.ts';
import { updateModel } from '../model/update-model.ts';
import { effectOfEdit } from '../sync/effect-of-edit.ts';
import { getSync } from '../sync/get-sync.ts';
import { updateSync } from '../sync/update-sync.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';

let world: TestWorld;
let modelId: number;
let syncId: number;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const options = () => ({ signal: AbortSignal.timeout(20_000) });
const column = (name: string) => ({ type: 'column', from: name, to: name }) as const;
const configured = (change: Partial<SyncConfigurationInput>) =>
  SyncConfiguration.parse({
    object: 'public.contacts',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'id' },
    mappings: [column('name')],
    ...change,
  });
const pending = async (id = syncId) => (await getSync(world.ctx, world.actor, { id })).pendingResync;

beforeEach(async () => {
  await world.target.run(
    'drop table if exists public.people, public.contacts',
    'create table public.people (id int, name text, city text)',
    "insert into public.people values (1, 'ann', 'x'), (2, 'bob', 'y')",
    'create table public.contacts (id int primary key, name text, city text)',
  );
  modelId = await world.model({ sql: 'select id, name, city from public.people' });
  syncId = (await world.sync({ modelId, to: 'postgresql', configuration: configured({}) })).id;
  await world.run(syncId);
});

describe('a column that is mapped anew', () => {
  const configuration = configured({ mappings: [column('name'), column('city')] });

  test('is told before saving, with the choice', async () => {
    const effect = await effectOfEdit(world.ctx, world.actor, { id: syncId, configuration }, options());
    expect(effect).toMatchObject({ ledgerRows: 2, broken: false });
    expect(effect.effects[0]).toMatchObject({ kind: 'columns_added', names: ['city'] });
    expect(effect.choices.map(({ rollout }) => rollout)).toEqual(['backfill', 'from_now']);
    expect(await pending()).toBe('none');
  });

  test('is sent with all rows, once', async () => {
    await updateSync(world.ctx, world.actor, { id: syncId, configuration, rollout: 'backfill' }, options());
    expect(await pending()).toBe('backfill');
    expect((await world.run(syncId)).counts.delivered.changed).toBe(2);
    expect(await pending()).toBe('none');
    expect((await world.run(syncId)).counts).toMatchObject({ unchanged: 2 });
  });

  test('is sent only from now on', async () => {
    const draft = { id: syncId, modelId, destinationId: world.destinations.postgresql, configuration };
    const tried = await dryRun(world.ctx, world.actor, { ...draft, rollout: 'from_now' }, options());
    expect(tried.counts).toMatchObject({ unchanged: 2, planned: { changed: 0 } });
    expect((await dryRun(world.ctx, world.actor, draft, options())).counts.planned.changed).toBe(2);

    await updateSync(world.ctx, world.actor, { id: syncId, configuration, rollout: 'from_now' }, options());
    expect(await pending()).toBe('from_now');
    await world.target.run("update public.people set name = 'BOB' where id = 2");
    expect((await world.run(syncId)).counts).toMatchObject({ unchanged: 1, delivered: { changed: 1 } });
    expect(await pending()).toBe('none');
    await world.target.run("update public.people set city = 'X' where id = 1");
    expect((await world.run(syncId)).counts).toMatchObject({ unchanged: 1, delivered: { changed: 1 } });
  });

  test('stays pending when somebody edits the sync while a run goes on', async () => {
    await updateSync(world.ctx, world.actor, { id: syncId, configuration, rollout: 'backfill' }, options());
    const run = await world.trigger(syncId);
    const later = configured({
      mappings: [column('name'), column('city')],
      options: {},
      deleteBehaviour: 'delete',
    });
    await updateSync(world.ctx, world.actor, { id: syncId, configuration: later }, options());
    await world.ended(run.id);
    const left = await pending();
    // Frozen before the edit, it says nothing about it; frozen after, it has done what was asked for.
    const frozen = await world.ctx.db.run.findUniqueOrThrow({ where: { id: run.id } });
    const seen = (frozen.specification as { configuration: SyncConfiguration }).configuration.deleteBehaviour;
    expect(left).toBe(seen === 'delete' ? 'none' : 'backfill');
  });
});

test('another static value is sent to all rows only when asked for', async () => {
  const configuration = configured({
    mappings: [column('name'), { type: 'static', value: 'shop', to: 'city' }],
  });
  await updateSync(world.ctx, world.actor, { id: syncId, configuration }, options());
  expect((await world.run(syncId)).counts).toMatchObject({ unchanged: 2 });
  const other = configured({ mappings: [column('name'), { type: 'static', value: 'web', to: 'city' }] });
  await updateSync(
    world.ctx,
    world.actor,
    { id: syncId, configuration: other, rollout: 'backfill' },
    options(),
  );
  expect((await world.run(syncId)).counts.delivered.changed).toBe(2);
  expect(await world.target.query('select distinct city from public.contacts')).toEqual([{ city: 'web' }]);
});

test('a column more in a model is sent from now on where requests may use any column', async () => {
  const request = { method: 'POST', url: '/hook', body: '{{ row | json }}' };
  const model = await world.model({ sql: 'select id, name from public.people' });
  const sync = await world.sync({
    modelId: model,
    to: 'http',
    configuration: {
      object: 'request',
      mode: 'trigger',
      triggers: ['added', 'changed'],
      options: { added: request, changed: request },
    },
  });
  await world.run(sync.id);
  const query = { queryType: 'raw_sql', sql: 'select id, name, city from public.people' } as const;
  const impact = await modelImpact(world.ctx, world.actor, { id: model, query }, options());
  expect(impact.syncs[0]).toMatchObject({ effect: 'resync', ledgerRows: 2 });
  expect(impact.syncs[0]?.choices.map(({ rollout }) => rollout)).toEqual(['backfill', 'from_now']);
  await updateModel(
    world.ctx,
    world.actor,
    { id: model, query, rollout: 'from_now', acceptFullResync: false },
    options(),
  );
  expect(await pending(sync.id)).toBe('from_now');
  expect((await world.run(sync.id)).counts).toMatchObject({ unchanged: 2 });
  expect((await world.run(sync.id)).counts).toMatchObject({ unchanged: 2 });
});

test('a destination under another address is asked about', async () => {
  const id = world.destinations.postgresql;
  const configuration = { ...world.target.configuration, database: 'template1' };
  const effect = await effectOfMove(world.ctx, world.actor, { id, configuration });
  expect(effect.moved).toBe(true);
  expect(effect.syncs.find((sync) => sync.syncId === syncId)?.choices).toHaveLength(2);
  expect(
    await effectOfMove(world.ctx, world.actor, { id, configuration: world.target.configuration }),
  ).toEqual({
    moved: false,
    syncs: [],
  });
  await updateDestination(world.ctx, world.actor, { id, configuration, rollout: 'from_now' });
  expect(await pending()).toBe('none');
  await updateDestination(world.ctx, world.actor, { id, configuration: world.target.configuration });
  expect(await pending()).toBe('full');
});
