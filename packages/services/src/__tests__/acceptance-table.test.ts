import { destinationDefinitions } from '@sluice/connectors/registry';
// Product map 16.1, numbers 1 to 6 and 9 to 13: what a sync does to a table.
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { getModel } from '../model/get-model.ts';
import { updateModel } from '../model/update-model.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const sql = 'select id, email, name, note from public.people';
const column = (to: string, from = to) => ({ type: 'column' as const, to, from });
const upsert: SyncConfigurationInput = {
  object: 'public.contacts',
  mode: 'upsert',
  matchKey: { from: 'id', to: 'id' },
  mappings: [column('email'), column('name')],
};

beforeEach(async () => {
  world.server.requests.length = 0;
  world.server.handle(() => ({}));
  await world.target.run(
    'drop table if exists public.people, public.contacts',
    'create table public.people (id text, email text, name text, note text)',
    'create table public.contacts (id text primary key, email text, name text)',
    "insert into public.people select n::text, 'p' || n || '@example.com', 'Person ' || n, 'x' from generate_series(1, 100) n",
  );
});

const make = async (configuration: SyncConfigurationInput = upsert, primaryKey = 'id') => {
  const modelId = await world.model({ sql, primaryKey });
  const sync = await world.sync({ modelId, to: 'postgresql', configuration });
  return { id: sync.id, modelId };
};
const contacts = () =>
  world.target.query<{ id: string; email: string | null; name: string }>(
    'select id, email, name from public.contacts order by id::bigint',
  );
const zero = { added: 0, changed: 0, removed: 0 };

test('1: a first run adds every valid row', async () => {
  const sync = await make();
  const run = await world.run(sync.id);
  expect(run).toMatchObject({ status: 'success', error: null, completionRatio: 1 });
  expect(run.counts).toMatchObject({
    queried: 100,
    planned: { added: 100, changed: 0, removed: 0 },
    delivered: { added: 100, changed: 0, removed: 0 },
    rejected: zero,
  });
  expect(await contacts()).toHaveLength(100);
  expect(run.stages.map(({ stage }) => stage)).toEqual(['queued', 'extract', 'plan', 'deliver', 'commit']);
  const stored = await world.ctx.db.sync.findUniqueOrThrow({ where: { id: sync.id } });
  expect(stored).toMatchObject({ status: 'success', ledgerRows: 100 });
  expect((await getModel(world.ctx, world.actor, { id: sync.modelId })).lastRunSize).toBe(100);
});

test('2: a run without changes plans nothing and asks nothing of the destination', async () => {
  const sync = await make();
  await world.run(sync.id);
  await world.target.run('create table if not exists public.writes (at timestamptz)');
  await world.target.run(
    `create or replace function public.note_write() returns trigger language plpgsql as $$
       begin insert into public.writes values (now()); return null; end $$`,
    'create trigger noted after insert or update or delete on public.contacts for each statement execute function public.note_write()',
  );
  const run = await world.run(sync.id);
  expect(run.status).toBe('success');
  expect(run.counts).toMatchObject({ queried: 100, unchanged: 100, planned: zero });
  expect(await world.target.query('select * from public.writes')).toEqual([]);
});

test('3: a changed column that is not mapped changes nothing', async () => {
  const sync = await make();
  await world.run(sync.id);
  await world.target.run("update public.people set note = 'y' where id = '1'");
  expect((await world.run(sync.id)).counts.planned).toEqual(zero);
  await world.target.run("update public.people set name = 'New name' where id = '1'");
  expect((await world.run(sync.id)).counts).toMatchObject({
    planned: { ...zero, changed: 1 },
    delivered: { ...zero, changed: 1 },
  });
  expect((await contacts())[0]?.name).toBe('New name');
});

test('4: insert mode sends no changed row, and knows its values from then on', async () => {
  const sync = await make({
    ...upsert,
    mode: 'insert',
    matchKey: null,
    mappings: [column('id'), column('email'), column('name')],
  });
  await world.run(sync.id);
  await world.target.run("update public.people set name = 'New name' where id = '1'");
  const run = await world.run(sync.id);
  expect(run.counts).toMatchObject({
    planned: { ...zero, changed: 1 },
    skipped: { ...zero, changed: 1 },
    delivered: zero,
  });
  expect((await contacts())[0]?.name).toBe('Person 1');
  expect((await world.run(sync.id)).counts.planned).toEqual(zero);
});

test('5: with "do nothing" a removed row is counted and its record stays', async () => {
  const sync = await make({ ...upsert, deleteBehaviour: 'nothing' });
  await world.run(sync.id);
  await world.target.run("delete from public.people where id = '7'");
  const run = await world.run(sync.id);
  expect(run.counts).toMatchObject({
    planned: { ...zero, removed: 1 },
    skipped: { ...zero, removed: 1 },
    delivered: zero,
  });
  expect(await contacts()).toHaveLength(100);
});

test('6: with "delete" a removed row is deleted once', async () => {
  const sync = await make({ ...upsert, deleteBehaviour: 'delete' });
  await world.run(sync.id);
  await world.target.run("delete from public.people where id = '7'");
  expect((await world.run(sync.id)).counts.delivered).toEqual({ ...zero, removed: 1 });
  expect((await contacts()).map(({ id }) => id)).not.toContain('7');
  expect((await world.run(sync.id)).counts.planned).toEqual(zero);
});

test('9: rows without a key, and all rows of a key that is not unique, are never sent and are counted', async () => {
  await world.target.run(
    "insert into public.people values (null, 'null@example.com', 'Null', ''), ('', 'empty@example.com', 'Empty', '')",
    "insert into public.people values ('5', 'again@example.com', 'Five again', '')",
  );
  const sync = await make();
  const run = await world.run(sync.id);
  expect(run.status).toBe('success');
  expect(run.counts).toMatchObject({
    queried: 103,
    nullKeys: 2,
    duplicateKeys: 2,
    planned: { ...zero, added: 99 },
  });
  const ids = (await contacts()).map(({ id }) => id);
  expect(ids).toHaveLength(99);
  expect(ids).not.toContain('5');
});

test('10: a full resync adds every row, and does not remove what left the model meanwhile', async () => {
  const sync = await make({ ...upsert, deleteBehaviour: 'delete' });
  await world.run(sync.id);
  await world.target.run(
    "delete from public.people where id = '7'",
    "update public.contacts set name = 'Edited' where id = '1'",
  );
  const run = await world.run(sync.id, { resync: 'full' });
  expect(run.resync).toBe('full');
  expect(run.counts).toMatchObject({ planned: { ...zero, added: 99 }, delivered: { ...zero, added: 99 } });
  const rows = await contacts();
  expect(rows).toHaveLength(100);
  expect(rows[0]?.name).toBe('Person 1');
  expect((await world.run(sync.id)).counts.planned).toEqual(zero);
});

test('11: a reset sends nothing; the next run sends only what changed since', async () => {
  const sync = await make();
  expect((await world.run(sync.id, { resync: 'reset' })).counts).toMatchObject({
    planned: zero,
    delivered: zero,
  });
  expect(await contacts()).toHaveLength(0);
  await world.target.run("update public.people set name = 'New name' where id = '3'");
  expect((await world.run(sync.id)).counts.delivered).toEqual({ ...zero, changed: 1 });
  expect(await contacts()).toMatchObject([{ id: '3', name: 'New name' }]);
});

test('12: no destination of this version can be cleared, so clear and fill is offered nowhere: only files and sheets are written anew', () => {
  const records = Object.values(destinationDefinitions).filter(({ category }) => category !== 'file');
  const offered = records.flatMap(({ writes }) => writes.flatMap(({ modes }) => modes));
  expect(offered).toContain('upsert');
  expect(offered).not.toContain('all');
});

test('13: a new primary key needs consent, and then the next run is a full resync', async () => {
  const sync = await make();
  await world.run(sync.id);
  const change = { id: sync.modelId, primaryKey: 'email' };
  const options = { signal: AbortSignal.timeout(10_000) };
  const refused = await failureOf(
    updateModel(world.ctx, world.actor, { ...change, acceptFullResync: false }, options),
  );
  expect(refused.code).toBe('confirmation_required');
  await updateModel(world.ctx, world.actor, { ...change, acceptFullResync: true }, options);
  const run = await world.run(sync.id);
  expect(run).toMatchObject({ status: 'success', resync: 'full' });
  expect(run.counts.delivered).toEqual({ ...zero, added: 100 });
  const next = await world.run(sync.id);
  expect(next).toMatchObject({ resync: 'none', counts: { planned: zero, unchanged: 100 } });
});
