// A PostgreSQL server as destination whose connection breaks at every step of a transaction, or that restarts.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from './house/open-house.ts';
import { createPeople, type People } from './house/people.ts';
import type { Statement } from './house/pg-proxy.ts';
import { expectCountsAddUp } from './house/settle.ts';
import { dice } from './seed.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await house.worker();
});
afterAll(() => house.close());
afterEach(() => {
  house.target.inspect({});
  house.target.accept(true);
});

let copies = 0;

/** A sync of a table to another one that refuses a repeated insert of the same row loudly. */
async function copying(): Promise<{ syncId: number; people: People; copy: string }> {
  copies += 1;
  const people = await createPeople(house.customer, 400);
  const copy = `public.copy_${copies}`;
  await house.customer.run(`create table ${copy} (id int primary key, version int, name text)`);
  const syncId = await house.sync({
    modelId: await house.model(`select id, version, name from ${people.table}`),
    destinationId: house.destinations.database,
    configuration: {
      object: copy,
      mode: 'mirror',
      matchKey: { from: 'id', to: 'id' },
      mappings: ['version', 'name'].map((name) => ({ type: 'column', from: name, to: name })),
      guards: { removedShareMax: null, changedRowsMax: null },
    },
  });
  return { syncId, people, copy };
}

const steps: [string, RegExp][] = [
  ['the beginning', /^begin/i],
  ['staging', /^copy/i],
  ['the statement', /(insert into|update|delete from|merge into) "?public"?\."?copy_/i],
  ['the commit', /^commit/i],
];

test.each(
  steps.flatMap(([name, pattern]) =>
    (['before', 'after'] as const).map((side) => [name, side, pattern] as const),
  ),
)('the connection breaks at %s, %s the server has done it', async (_, side, pattern) => {
  const { syncId, people, copy } = await copying();
  await house.ended(await house.trigger(syncId));
  await people.edit(dice(4), { changed: 0.3, removed: 0.2, added: 0.2 });
  let cuts = 0;
  house.target.inspect({
    [side]: ({ sql }: Statement) => {
      if (!pattern.test(sql) || cuts === 1) return 'pass';
      cuts += 1;
      return 'cut';
    },
  });
  const run = await house.ended(await house.trigger(syncId));
  expect(cuts).toBe(1);
  // The server itself knows what became of a commit, so nothing stays in doubt.
  expect(run).toMatchObject({ status: 'success', error: null });
  await expectCountsAddUp(house, syncId);
  expect(await house.customer.query(`select * from ${copy} order by id`)).toEqual([
    ...(await people.all()).values(),
  ]);
  const next = await house.ended(await house.trigger(syncId));
  expect(next.counts.unchanged).toBe((await people.all()).size);
});

test('the server refuses connections for a while, in the middle of a run', async () => {
  const { syncId, people, copy } = await copying();
  let broken = false;
  house.target.inspect({
    before({ sql }) {
      if (!/^copy/i.test(sql) || broken) return 'pass';
      broken = true;
      house.target.refuse(3);
      return 'cut';
    },
  });
  const run = await house.ended(await house.trigger(syncId));
  expect(broken).toBe(true);
  expect(run).toMatchObject({ status: 'success', error: null });
  await expectCountsAddUp(house, syncId);
  expect(await house.customer.query(`select * from ${copy} order by id`)).toEqual([
    ...(await people.all()).values(),
  ]);
});

test('the server refuses connections for a while, before the first row', async () => {
  const { syncId, people, copy } = await copying();
  house.target.refuse(3);
  const run = await house.ended(await house.trigger(syncId));
  expect(run).toMatchObject({ status: 'success', error: null });
  await expectCountsAddUp(house, syncId);
  expect(await house.customer.query(`select * from ${copy} order by id`)).toEqual([
    ...(await people.all()).values(),
  ]);
});

test('the server refuses connections for good', async () => {
  const { syncId, people } = await copying();
  house.target.accept(false);
  const run = await house.ended(await house.trigger(syncId));
  expect(run).toMatchObject({ status: 'failed', error: { code: 'destination_unreachable' } });
  expect(run.counts.notAttempted.added).toBe((await people.all()).size);
  await expectCountsAddUp(house, syncId);
});

test('the server is gone while a commit is on its way, and the rows of it are sent again', async () => {
  const { syncId, people, copy } = await copying();
  let refused = 0;
  house.target.inspect({
    before({ sql }) {
      if (!/^commit/i.test(sql) || refused > 0) return 'pass';
      refused += 1;
      // The one who asks what became of it, and those who open the next run.
      house.target.refuse(3);
      return 'cut';
    },
  });
  await house.ended(await house.trigger(syncId));
  expect(refused).toBe(1);
  house.target.inspect({});
  const run = await house.ended(await house.trigger(syncId));
  expect(run).toMatchObject({ status: 'success', error: null });
  await expectCountsAddUp(house, syncId);
  expect(await house.customer.query(`select * from ${copy} order by id`)).toEqual([
    ...(await people.all()).values(),
  ]);
});
