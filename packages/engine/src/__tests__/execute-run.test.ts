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

  it('counts changes that the mode does not send, and takes them as known', async () => {
    world.configure({ mode: 'insert', matchKey: null });
    world.rows = [person('1'), person('2')];
    await world.run();
    world.requests = [];
    world.rows = [person('1', 'new')];
    const end = await world.run();
    expect(end.counts.planned).toEqual({ added: 0, changed: 1, removed: 1 });
    expect(end.counts.skipped).toEqual({ added: 0, changed: 1, removed: 1 });
    expect(world.requests).toEqual([]);
    expect((await world.run()).counts).toMatchObject({ unchanged: 1, planned: { changed: 0, removed: 0 } });
  });

  it('leaves a column that is not used out of the comparison, unless all are used', async () => {
    world.configure({ mappings: [{ type: 'column', from: 'name', to: 'name' }] });
    world.rows = [person('1')];
    await world.run();
    world.rows = [person('1', 'n1', 'a note')];
    expect((await world.run()).counts.unchanged).toBe(1);
    world.used = 'all';
    expect((await world.run()).counts.planned.changed).toBe(1);
    world.rows = [person('1', 'n1', 'another')];
    expect((await world.run()).counts.planned.changed).toBe(1);
    expect((await world.run()).counts.unchanged).toBe(1);
  });

  it('sends a removal once', async () => {
    world.rows = [person('1'), person('2')];
    await world.run();
    world.rows = [person('2')];
    await world.run();
    world.requests = [];
    expect((await world.run()).counts.planned.removed).toBe(0);
    expect(world.requests).toEqual([]);
  });

  it('tries exactly the rejected row again, until it is taken or has left', async () => {
    world.rows = ['1', '2', '3'].map((id) => person(id));
    world.decide = ({ key }) => (key === '2' ? 'rejected' : 'delivered');
    const first = await world.run();
    expect(first.status).toBe('warning');
    expect(first.counts.rejected.added).toBe(1);
    world.requests = [];
    await world.run();
    expect(sent()).toEqual(['added 2']);
    world.decide = () => 'delivered';
    expect((await world.run()).status).toBe('success');
    expect((await world.run()).counts.unchanged).toBe(3);

    world.rows.push(person('9'));
    world.decide = ({ key }) => (key === '9' ? 'rejected' : 'delivered');
    await world.run();
    world.rows = world.rows.filter(({ id }) => id !== '9');
    world.requests = [];
    expect((await world.run()).counts.planned).toEqual({ added: 0, changed: 0, removed: 0 });
    expect(world.requests).toEqual([]);
  });

  it('brings a rejected change back with the newest values, and a rejected removal as a removal', async () => {
    world.rows = [person('1'), person('2')];
    await world.run();
    world.decide = () => 'rejected';
    world.rows = [person('1', 'b')];
    await world.run();
    world.decide = () => 'delivered';
    world.requests = [];
    world.rows = [person('1', 'c')];
    await world.run();
    expect(sent()).toEqual(['removed 2', 'changed 1']);
    expect(table()).toEqual({ 1: { name: 'c', note: null } });
  });

  it('never sends rows without a key or with a shared one, and never removes what they stand for', async () => {
    world.rows = [person('1'), person('2')];
    await world.run();
    world.requests = [];
    world.rows = [person('1', 'x'), person('1', 'y'), person('2'), person(null, 'a'), person('', 'b')];
    const run = world.begin();
    await run.attempt();
    expect(run.ended.counts).toMatchObject({
      queried: 5,
      nullKeys: 2,
      duplicateKeys: 2,
      unchanged: 1,
      planned: { added: 0, changed: 0, removed: 0 },
    });
    expect(run.plan?.keyExamples).toEqual(['1']);
    expect(world.requests).toEqual([]);
    world.rows = [person('1', 'x'), person('2')];
    expect((await world.run()).counts.planned).toEqual({ added: 0, changed: 1, removed: 0 });
  });

  it('finds a new key that comes twice, also where as many rows have left', async () => {
    world.rows = [person('1'), person('2'), person('3')];
    await world.run();
    world.rows = [person('1'), person('4', 'x'), person('4', 'y'), person('3'), person('3', 'again')];
    const run = world.begin();
    await run.attempt();
    expect(run.ended.counts).toMatchObject({
      queried: 5,
      duplicateKeys: 4,
      unchanged: 1,
      planned: { added: 0, changed: 0, removed: 1 },
    });
    expect(run.plan?.keyExamples).toEqual(['3', '4']);
    expect([...world.table.keys()].sort()).toEqual(['1', '3']);
  });

  it('keeps eleven spellings of a key apart', async () => {
    const spellings = ['a', 'A', ' a', 'a ', 'á', 'a\u0301', '01', '1', '1.0', 'a\n', '"a"'];
    world.rows = spellings.map((id) => person(id, 'x'));
    expect((await world.run()).counts.delivered.added).toBe(spellings.length);
    expect((await world.run()).counts.unchanged).toBe(spellings.length);
  });

  it('sends every row in a full resync and forgets rows that left', async () => {
    world.rows = [person('1'), person('2')];
    await world.run();
    world.requests = [];
    world.rows = [person('2'), person('3')];
    const end = await world.run({ resync: 'full' });
    expect(end.counts.planned).toEqual({ added: 2, changed: 0, removed: 0 });
    expect([...world.table.keys()].sort()).toEqual(['1', '2', '3']);
    expect((await world.run()).counts).toMatchObject({ unchanged: 2, planned: { removed: 0 } });
  });

  it('does not take a row as known that a full resync could not deliver', async () => {
    world.rows = [person('1'), person('2')];
    await world.run();
    world.decide = ({ key }) => (key === '1' ? 'rejected' : 'delivered');
    await world.run({ resync: 'full' });
    world.decide = () => 'delivered';
    expect((await world.run()).counts.planned).toEqual({ added: 0, changed: 1, removed: 0 });
  });

  it('keeps a doubt through a full resync', async () => {
    world.rows = [person('1')];
    world.decide = () => 'applied_but_lost';
    await world.run();
    world.decide = () => 'delivered';
    world.rows = [person('2')];
    await world.run({ resync: 'full' });
    expect((await world.run()).counts.planned.removed).toBe(1);
    expect([...world.table.keys()]).toEqual(['2']);
  });

  it('takes the model as known in a reset, without a request', async () => {
    world.rows = [person('1'), person('2')];
    const end = await world.run({ resync: 'reset' });
    expect(end.counts.planned).toEqual({ added: 0, changed: 0, removed: 0 });
    expect(end.ledger?.rows).toBe(2);
    expect(world.requests).toEqual([]);
    world.rows = [person('1', 'new'), person('2')];
    await world.run();
    expect(sent()).toEqual(['changed 1']);
  });

  it('removes before it adds, so that a new key may take over a match value', async () => {
    world.configure({
      matchKey: { from: 'name', to: 'name' },
      mappings: [{ type: 'column', from: 'note', to: 'note' }],
    });
    world.rows = [person('1', 'mail', 'old')];
    await world.run();
    world.rows = [person('2', 'mail', 'new')];
    await world.run();
    expect(table()).toEqual({ mail: { note: 'new' } });
  });

  it('rejects a row whose match key is NULL, and only that row', async () => {
    world.configure({ matchKey: { from: 'name', to: 'name' } });
    world.rows = [person('1', null), person('2')];
    const run = world.begin();
    await run.attempt();
    expect([...run.exceptions.values()]).toMatchObject([
      { key: '1', code: 'match_key_null', outcome: 'rejected' },
    ]);
    expect(run.ended.counts.delivered.added).toBe(1);
  });

  it('rejects a row that a template fails on, and only that row', async () => {
    world.configure({
      mappings: [
        {
          type: 'template',
          to: 'name',
          template:
            '{% if row.name == "bad" %}{% for i in (1..99999999) %}x{% endfor %}{% endif %}{{ row.name | upcase }}',
        },
      ],
    });
    world.rows = [person('1', 'bad'), person('2', 'good')];
    const end = await world.run();
    expect(end.status).toBe('warning');
    expect(table()).toEqual({ 2: { name: 'GOOD' } });
  });
});
