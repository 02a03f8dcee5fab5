import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open(['id', 'name', 'note']);
});
afterEach(() => world.close());

const person = (id: string | null, name: string | null = `n${id}`, note: string | null = null) => ({
  id,
  name,
  note,
});
const table = () => Object.fromEntries(world.table);
const sent = () => world.requests.flat().map(({ key, class: name }) => `${name} ${key}`);

describe('a run', () => {
  it('adds every row first, and sends nothing when nothing changed', async () => {
    world.rows = ['1', '2', '3', '4'].map((id) => person(id));
    const first = await world.run();
    expect(first.status).toBe('success');
    expect(first.counts.planned).toEqual({ added: 4, changed: 0, removed: 0 });
    expect(first.counts.delivered).toEqual({ added: 4, changed: 0, removed: 0 });
    expect(first.ledger?.rows).toBe(4);
    world.requests = [];
    const second = await world.run();
    expect(second.counts).toMatchObject({
      queried: 4,
      unchanged: 4,
      planned: { added: 0, changed: 0, removed: 0 },
    });
    expect(second.ledger).toBeNull();
    expect(world.requests).toEqual([]);
  });

  it('sends what changed and removes what left', async () => {
    world.rows = ['1', '2', '3'].map((id) => person(id));
    await world.run();
    world.requests = [];
    world.rows = [person('2'), person('3', 'new'), person('4')];
    const end = await world.run();
    expect(sent()).toEqual(['removed 1', 'changed 3', 'added 4']);
    expect(end.counts.delivered).toEqual({ added: 1, changed: 1, removed: 1 });
    expect(table()).toEqual({
      2: { name: 'n2', note: null },
      3: { name: 'new', note: null },
      4: { name: 'n4', note: null },
    });
    expect((await world.run()).counts.unchanged).toBe(3);
  });

  it('tells NULL from an empty text, and values by their bounds', async () => {
    world.rows = [person('1', '', null), person('2', 'ab', 'c')];
    await world.run();
    world.rows = [person('1', null, ''), person('2', 'a', 'bc')];
    expect((await world.run()).counts.planned).toEqual({ added: 0, changed: 2, removed: 0 });
    expect(table()).toEqual({ 1: { name: null, note: '' }, 2: { name: 'a', note: 'bc' } });
  });
});
