import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAudit } from '../audit/list-audit.ts';
import { getSync } from '../sync/get-sync.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { getDestination } from './get-destination.ts';
import { updateDestination } from './update-destination.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
  await world.target.run(
    'create database elsewhere',
    'create table public.people (id int primary key, email text)',
    "insert into public.people select n, 'p' || n || '@example.com' from generate_series(1, 5) n",
    'create schema crm',
    'create table crm.contacts (id int primary key, email text)',
  );
});
afterAll(() => world.close());

async function syncPeople(): Promise<number> {
  const modelId = await world.model({ sql: 'select id, email from public.people' });
  const sync = await world.sync({
    modelId,
    to: 'postgresql',
    configuration: {
      object: 'crm.contacts',
      mode: 'upsert',
      matchKey: { from: 'id', to: 'id' },
      mappings: [{ type: 'column', from: 'email', to: 'email' }],
    },
  });
  return sync.id;
}

const move = (configuration: Record<string, unknown>, options?: { samePlace: boolean }) =>
  updateDestination(
    world.ctx,
    world.actor,
    {
      id: world.destinations.postgresql,
      configuration: { ...configuration, password: world.target.password },
    },
    options,
  );

const pending = async (id: number) => (await getSync(world.ctx, world.actor, { id })).pendingResync;

test('a destination that leads elsewhere makes its syncs send all rows, and says so', async () => {
  const id = await syncPeople();
  const never = await syncPeople();
  await world.run(id);
  await updateDestination(world.ctx, world.actor, { id: world.destinations.postgresql, name: 'Our CRM' });
  expect(await pending(id)).toBe('none');
  await move({ database: 'elsewhere' }, { samePlace: true });
  expect(await pending(id)).toBe('none');

  const { syncs } = await move({ database: 'postgres' });
  expect(syncs).toMatchObject([
    { id, pendingResync: 'full' },
    { id: never, pendingResync: 'none' },
  ]);
  const { items } = await listAudit(world.ctx, world.actor, { action: 'sync.update', limit: 1 });
  expect(items[0]).toMatchObject({ subjectId: id, changes: { pendingResync: ['none', 'full'] } });

  expect((await world.run(id)).counts).toMatchObject({ delivered: { added: 5 }, unchanged: 0 });
  expect(await pending(id)).toBe('none');
  expect((await world.run(id)).counts).toMatchObject({ delivered: { added: 0 }, unchanged: 5 });
});

test('stays pending when the destination moves while the run that would settle it is going on', async () => {
  const id = await syncPeople();
  await world.run(id);
  await move({ database: 'elsewhere' });
  await move({ database: 'postgres' });
  expect(await pending(id)).toBe('full');
  // As if somebody changed it after the run began.
  await world.ctx.db.destination.update({
    where: { id: world.destinations.postgresql },
    data: { updatedAt: new Date(Date.now() + 60_000) },
  });
  await world.run(id);
  expect(await pending(id)).toBe('full');
  expect((await getDestination(world.ctx, world.actor, { id: world.destinations.postgresql })).syncs).toEqual(
    expect.arrayContaining([expect.objectContaining({ id, pendingResync: 'full' })]),
  );
});
