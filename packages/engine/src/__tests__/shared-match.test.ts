import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open(['id', 'mail', 'note'], {
    matchKey: { from: 'mail', to: 'mail' },
    mappings: [{ type: 'column', from: 'note', to: 'note' }],
  });
  world.batchRowsMax = 1;
});
afterEach(() => world.close());

const person = (id: string, mail: string | null, note = `note ${id}`) => ({ id, mail, note });
const table = () => Object.fromEntries([...world.table].map(([mail, { note }]) => [mail, note]));

describe('two rows with one match value', () => {
  it('are refused both, whatever batch they are in, with the key of the other', async () => {
    world.rows = [person('1', 'a'), person('2', 'b'), person('3', 'a'), person('4', null), person('5', null)];
    const run = world.begin();
    await run.attempt();
    expect(table()).toEqual({ b: 'note 2' });
    const told = [...run.exceptions.values()].map(({ key, code, message }) => [
      key,
      code,
      message.split('\n')[1],
    ]);
    expect(told.toSorted()).toEqual([
      ['1', 'match_key_duplicate', 'Another one has the primary key "3".'],
      ['3', 'match_key_duplicate', 'Another one has the primary key "1".'],
      ['4', 'match_key_null', undefined],
      ['5', 'match_key_null', undefined],
    ]);
    world.rows = [person('1', 'a'), person('2', 'b')];
    expect((await world.run()).counts.delivered.added).toBe(1);
    expect(table()).toEqual({ a: 'note 1', b: 'note 2' });
  });

  it('are refused also when the other one has not changed', async () => {
    world.rows = [person('1', 'a')];
    await world.run();
    world.rows = [person('1', 'a'), person('2', 'a')];
    expect((await world.run()).counts).toMatchObject({ unchanged: 1, rejected: { added: 1 } });
    expect(table()).toEqual({ a: 'note 1' });
  });

  it.each(['insert', 'event', 'segment'] as const)(
    'may stand side by side where neither owns a record: %s',
    async (mode) => {
      world.configure({ mode });
      world.rows = [person('1', 'a'), person('2', 'a')];
      expect((await world.run()).status).toBe('success');
    },
  );

  it('keep their record when one of them takes it over and the other leaves', async () => {
    world.rows = [person('1', 'a')];
    await world.run();
    world.requests = [];
    world.decide = (record) => (record.key === '2' ? 'rejected' : 'delivered');
    world.rows = [person('2', 'a')];
    await world.run();
    // Nobody has taken the record over yet: should the second row leave, the first is still to be removed.
    expect(world.requests.flat().map(({ operation }) => operation)).toEqual(['upsert']);
    world.decide = () => 'delivered';
    await world.run();
    expect(table()).toEqual({ a: 'note 2' });
    const after = await world.run();
    expect(after.counts).toMatchObject({ planned: { removed: 1 }, skipped: { removed: 1 } });
    expect((await world.run()).counts.planned).toEqual({ added: 0, changed: 0, removed: 0 });
    expect(table()).toEqual({ a: 'note 2' });
    world.rows = [];
    await world.run();
    expect(table()).toEqual({});
  });

  it('lose their record when neither stays', async () => {
    world.rows = [person('1', 'a')];
    await world.run();
    world.decide = (record) => (record.key === '2' ? 'rejected' : 'delivered');
    world.rows = [person('2', 'a')];
    await world.run();
    world.rows = [];
    await world.run();
    expect(table()).toEqual({});
  });
});
