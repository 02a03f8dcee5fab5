import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLedger } from './read-ledger.ts';
import { World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open(['id', 'name', 'city']);
  world.configure({ mappings: [column('name')] });
  world.rows = [
    { id: '1', name: 'a', city: 'x' },
    { id: '2', name: 'b', city: 'y' },
    { id: '3', name: 'c', city: 'z' },
  ];
});
afterEach(() => world.close());

const column = (name: string) => ({ type: 'column', from: name, to: name }) as const;
const sent = () =>
  world.requests
    .flat()
    .map(({ key, class: name }) => `${key} ${name}`)
    .sort();

async function settled(): Promise<void> {
  await world.run();
  world.requests = [];
}

describe('a column that a sync begins to use', () => {
  beforeEach(async () => {
    await settled();
    world.configure({ mappings: [column('name'), column('city')] });
  });

  it('sends all rows again when nobody says otherwise', async () => {
    await world.run();
    expect(sent()).toEqual(['1 changed', '2 changed', '3 changed']);
  });

  it('sends nothing from now on but rows that change', async () => {
    await world.run({ resync: 'from_now' });
    expect(world.requests).toEqual([]);
    await world.run();
    expect(world.requests).toEqual([]);
    world.rows[1] = { id: '2', name: 'b', city: 'Y' };
    await world.run();
    expect(sent()).toEqual(['2 changed']);
    expect(world.table.get('2')).toEqual({ name: 'b', city: 'Y' });
  });

  it('loses no change that happened before the first run with it', async () => {
    world.rows = [
      { id: '1', name: 'A', city: 'x' },
      { id: '2', name: 'b', city: 'y' },
      { id: '4', name: 'd', city: 'w' },
    ];
    world.decide = ({ key }) => (key === '1' ? 'rejected' : 'delivered');
    await world.run({ resync: 'from_now' });
    expect(sent()).toEqual(['1 changed', '3 removed', '4 added']);
    world.decide = () => 'delivered';
    world.requests = [];
    await world.run();
    expect(sent()).toEqual(['1 changed']);
    world.requests = [];
    await world.run();
    expect(world.requests).toEqual([]);
  });
});

describe('a column that a sync no longer uses', () => {
  beforeEach(async () => {
    world.configure({ mappings: [column('name'), column('city')] });
    await settled();
    world.configure({ mappings: [column('name')] });
  });

  it('sends nothing', async () => {
    await world.run();
    expect(world.requests).toEqual([]);
    world.rows[0] = { id: '1', name: 'a', city: 'other' };
    await world.run();
    expect(world.requests).toEqual([]);
  });

  it('sends what changed besides', async () => {
    world.rows[0] = { id: '1', name: 'A', city: 'x' };
    await world.run();
    expect(sent()).toEqual(['1 changed']);
  });
});

describe('a backfill', () => {
  it('sends unchanged rows as well, and removes what has left', async () => {
    await settled();
    world.rows = world.rows.slice(0, 2);
    await world.run({ resync: 'backfill' });
    expect(sent()).toEqual(['1 changed', '2 changed', '3 removed']);
    world.requests = [];
    await world.run();
    expect(world.requests).toEqual([]);
  });

  it('sends only the rows of a filter, and leaves all others as they are', async () => {
    await settled();
    world.rows = [
      { id: '1', name: 'A', city: 'x' },
      { id: '2', name: 'b', city: 'y' },
    ];
    const selection = {
      type: 'filter',
      filter: [{ column: 'city', operator: 'in', value: ['y', "z' OR true --"] }],
    } as const;
    const run = world.begin({ resync: 'backfill', selection: structuredClone(selection) as never });
    await run.attempt();
    expect(sent()).toEqual(['2 changed']);
    world.requests = [];
    await world.run();
    expect(sent()).toEqual(['1 changed', '3 removed']);
  });

  it('keeps other rows comparable when columns have changed meanwhile', async () => {
    await settled();
    world.configure({ mappings: [column('name'), column('city')] });
    const filter = [{ column: 'id', operator: 'equals' as const, value: '2' }];
    await world.run({ resync: 'backfill', selection: { type: 'filter', filter } });
    expect(sent()).toEqual(['2 changed']);
    world.requests = [];
    await world.run({ resync: 'from_now' });
    expect(world.requests).toEqual([]);
    await world.run();
    expect(world.requests).toEqual([]);
    expect((await readLedger(world)).map(({ values }) => values)).toEqual(
      world.rows.map(({ name, city }) => ({ name, city })),
    );
  });

  it('refuses a filter on what is not there, by its field', async () => {
    const filter = [{ column: 'nothing', operator: 'equals' as const, value: '2' }];
    const end = await world.run({ resync: 'backfill', selection: { type: 'filter', filter } });
    expect(end).toMatchObject({ status: 'failed', error: { code: 'input_invalid' } });
  });

  it('compares numbers as numbers and times as times', async () => {
    const columns = { amount: 'decimal', count: 'integer', at: 'timestamp' } as const;
    world.columns = [
      { name: 'id', type: 'string', nativeType: 'text' },
      ...Object.entries(columns).map(([name, type]) => ({ name, type, nativeType: type })),
    ];
    world.configure({ mappings: [column('amount')] });
    world.rows = [
      { id: '1', amount: '9.5', count: '9007199254740993', at: '2026-01-01T00:00:00Z' },
      { id: '2', amount: '10', count: '9007199254740992', at: '2026-02-01T00:00:00Z' },
      { id: '3', amount: null, count: null, at: null },
    ];
    await settled();
    const picked = async (
      name: string,
      operator: 'less' | 'equals' | 'at_least' | 'is_null',
      value?: string,
    ) => {
      world.requests = [];
      const filter = [{ column: name, operator, ...(value !== undefined && { value }) }];
      await world.run({ resync: 'backfill', selection: { type: 'filter', filter } });
      return world.requests.flat().map(({ key }) => key);
    };
    expect(await picked('amount', 'less', '10')).toEqual(['1']);
    expect(await picked('count', 'equals', '9007199254740993')).toEqual(['1']);
    expect(await picked('at', 'at_least', '2026-01-15')).toEqual(['2']);
    expect(await picked('amount', 'is_null')).toEqual(['3']);
  });
});

describe('rows in doubt at a destination that cannot tell a repeat', () => {
  beforeEach(() => world.configure({ doubt: 'hold', mappings: [column('name')] }));

  it('are held and counted until somebody decides', async () => {
    world.decide = ({ key }) => (key === '2' ? 'uncertain' : 'delivered');
    await settled();
    world.decide = () => 'delivered';
    world.rows[1] = { id: '2', name: 'B', city: 'y' };
    const end = await world.run();
    expect(world.requests).toEqual([]);
    expect(end).toMatchObject({ status: 'warning', counts: { held: { added: 1 }, planned: { added: 1 } } });
    expect((await readLedger(world))[1]).toMatchObject({ key: '2', doubt: 'add', values: { name: 'b' } });
    await world.run({ selection: { type: 'doubts', keys: ['2'] } });
    expect(world.requests.flat()).toMatchObject([{ key: '2', class: 'added', fields: { name: 'b' } }]);
    world.requests = [];
    await world.run();
    expect(world.requests.flat()).toMatchObject([{ key: '2', class: 'changed', fields: { name: 'B' } }]);
  });

  it('are not sent again within a run, after a server error or a crash', async () => {
    world.decide = () => 'in_doubt';
    await world.run();
    expect(sent()).toEqual(['1 added', '2 added', '3 added']);
    await world.run();
    expect(sent()).toHaveLength(3);
    expect((await readLedger(world)).map(({ doubt }) => doubt)).toEqual(['add', 'add', 'add']);
  });

  it('are booked as uncertain when their answer was lost with the worker', async () => {
    const run = world.begin();
    world.gate = (call) => {
      if (call === 'deliver:after') throw new Error('killed');
    };
    await run
      .attempt({ mutate: (store) => ({ ...store, settle: () => Promise.reject(new Error('killed')) }) })
      .catch(() => undefined);
    expect(run.end).toBeNull();
    world.gate = () => undefined;
    await run.attempt();
    expect(sent()).toEqual(['1 added', '2 added', '3 added']);
    expect(run.ended).toMatchObject({ status: 'warning', counts: { uncertain: { added: 3 } } });
  });
});
