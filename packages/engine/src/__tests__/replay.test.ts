import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLedger } from './read-ledger.ts';
import { Killed, type Run, type RunOptions, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open(['id', 'mail', 'name'], {
    matchKey: { from: 'mail', to: 'mail' },
    mappings: [{ type: 'column', from: 'name', to: 'name' }],
  });
});
afterEach(() => world.close());

const rowsOf = (...names: (string | null)[]) =>
  names.map((name, index) => ({ id: String(index + 1), mail: `m${index + 1}`, name }));

async function ran(options: RunOptions = {}): Promise<Run> {
  const run = world.begin(options);
  await run.attempt();
  world.requests = [];
  return run;
}

const failed = (past: Run, extra: object = {}): RunOptions => ({
  past,
  selection: { type: 'rows', runId: past.spec.runId, rows: { which: 'failed' }, corrections: [], ...extra },
});
const sent = () => world.requests.flat().map(({ key, fields }) => [key, fields.name]);
const reject = (...keys: string[]): void => {
  world.decide = ({ key }) => (keys.includes(key) ? 'rejected' : 'delivered');
};

describe('a replay', () => {
  it('sends the rejected rows of a run again, and no other', async () => {
    world.rows = rowsOf('a', 'b', 'c');
    reject('2', '3');
    const past = await ran();
    reject('3');
    const run = world.begin(failed(past));
    await run.attempt();
    expect(sent()).toEqual([
      ['2', 'b'],
      ['3', 'c'],
    ]);
    expect(run.ended).toMatchObject({
      status: 'warning',
      counts: {
        queried: 2,
        superseded: 0,
        planned: { added: 2 },
        delivered: { added: 1 },
        rejected: { added: 1 },
      },
    });
    world.decide = () => 'delivered';
    world.requests = [];
    await world.run();
    expect(sent()).toEqual([['3', 'c']]);
  });

  it('sends a corrected value, which holds until the source row changes', async () => {
    world.rows = rowsOf('a', 'b!');
    reject('2');
    const past = await ran();
    world.decide = () => 'delivered';
    await ran(failed(past, { corrections: [{ seq: 2, values: { name: 'b' } }] }));
    expect(Object.fromEntries(world.table)).toEqual({ m1: { name: 'a' }, m2: { name: 'b' } });
    expect((await readLedger(world))[1]).toEqual({
      key: '2',
      doubt: 'none',
      values: { mail: 'm2', name: 'b' },
    });
    await world.run();
    expect(world.requests).toEqual([]);
    world.rows = rowsOf('a', 'c');
    await world.run();
    expect(sent()).toEqual([['2', 'c']]);
  });

  it('refuses to correct what is no value of the row', async () => {
    world.rows = rowsOf('a', 'b');
    reject('2');
    const past = await ran();
    for (const correction of [
      { seq: 2, values: { id: '9' } },
      { seq: 2, values: { nothing: 'x' } },
      { seq: 9, values: { name: 'x' } },
    ]) {
      const run = await ran(failed(past, { corrections: [correction] }));
      expect(run.ended).toMatchObject({ status: 'failed', error: { code: 'input_invalid' } });
    }
  });

  it('follows the mapping of today', async () => {
    world.rows = rowsOf('a', 'b');
    reject('2');
    const past = await ran();
    world.decide = () => 'delivered';
    world.configure({ mappings: [{ type: 'column', from: 'country', to: 'country' }] });
    expect((await ran(failed(past))).ended.error?.code).toBe('run_not_replayable');
    world.configure({ mappings: [{ type: 'template', template: '{{ row.name | upcase }}', to: 'name' }] });
    await world.run(failed(past));
    expect(sent()).toEqual([['2', 'B']]);
  });

  it('leaves a row alone of which something newer is known', async () => {
    world.rows = rowsOf('a', 'b', 'c');
    reject('2', '3');
    const past = await ran();
    world.rows = rowsOf('a', 'B', 'c');
    reject('3');
    await ran();
    world.decide = () => 'delivered';
    const run = world.begin(failed(past));
    await run.attempt();
    expect(sent()).toEqual([['3', 'c']]);
    expect(run.ended.counts).toMatchObject({ queried: 2, superseded: 1 });
    expect(world.table.get('m2')).toEqual({ name: 'B' });
  });

  it('sends everything of a past run again, removals as well', async () => {
    world.rows = rowsOf('a', 'b');
    await ran();
    world.rows = rowsOf('A').concat([{ id: '3', mail: 'm3', name: 'c' }]);
    const past = await ran();
    world.table.clear();
    const run = await ran({
      past,
      selection: { type: 'rows', runId: 2, rows: { which: 'sent' }, corrections: [] },
    });
    expect(run.ended.counts).toMatchObject({ planned: { removed: 1, changed: 1, added: 1 }, superseded: 0 });
    expect(Object.fromEntries(world.table)).toEqual({ m1: { name: 'A' }, m3: { name: 'c' } });
    await world.run();
    expect(world.requests).toEqual([]);
  });

  it('does not take the record of another row', async () => {
    world.rows = [{ id: '1', mail: 'x', name: 'a' }];
    reject('1');
    const past = await ran();
    world.rows = [{ id: '2', mail: 'x', name: 'b' }];
    await ran();
    world.decide = () => 'delivered';
    const run = await ran(failed(past));
    expect([...run.exceptions.values()]).toMatchObject([{ key: '1', code: 'match_key_duplicate' }]);
    expect(world.table.get('x')).toEqual({ name: 'b' });
  });

  it('goes on after its worker was killed, without the run that it was made from', async () => {
    world.rows = rowsOf('a', 'b', 'c', 'd', 'e');
    reject('1', '2', '3', '4', '5');
    const past = await ran();
    world.decide = () => 'delivered';
    const run = world.begin(failed(past, { corrections: [{ seq: 1, values: { name: 'A' } }] }));
    let dead = false;
    world.gate = (call) => {
      dead ||= call === 'deliver:after';
      if (dead) throw new Killed();
    };
    await run.attempt().catch(() => undefined);
    expect(run.end).toBeNull();
    world.gate = () => undefined;
    run.past = null;
    await run.attempt();
    expect(run.ended).toMatchObject({ status: 'success', counts: { delivered: { added: 5 } } });
    expect((await readLedger(world)).map(({ values }) => values.name)).toEqual(['A', 'b', 'c', 'd', 'e']);
    world.requests = [];
    await world.run();
    expect(world.requests).toEqual([]);
  });

  it('chooses by reason and one by one', async () => {
    world.rows = rowsOf('a', 'b', 'c');
    world.decide = ({ key }) => (key === '1' ? 'rejected' : key === '2' ? 'uncertain' : 'delivered');
    const past = await ran();
    world.decide = () => 'delivered';
    const byReason = world.begin(failed(past, { rows: { which: 'failed', reasons: ['no_answer'] } }));
    await byReason.attempt();
    expect(sent()).toEqual([['2', 'b']]);
    world.requests = [];
    await world.run(failed(past, { rows: { which: 'chosen', seqs: [1] } }));
    expect(sent()).toEqual([['1', 'a']]);
    expect(await readLedger(world)).toMatchObject([{ doubt: 'none' }, { doubt: 'none' }, { doubt: 'none' }]);
  });
});

describe('a revert', () => {
  const reverting = (past: Run, added: 'delete' | 'keep' = 'delete'): RunOptions => ({
    past,
    selection: { type: 'revert', runId: past.spec.runId, added },
  });

  it('sends back what the run replaced, removes what it added and makes anew what it removed', async () => {
    world.rows = rowsOf('a', 'b', 'c');
    await ran();
    const before = new Map(world.table);
    world.rows = [...rowsOf('a', 'B'), { id: '4', mail: 'm4', name: 'd' }];
    const past = await ran();
    const run = await ran(reverting(past));
    expect(run.ended).toMatchObject({
      status: 'success',
      counts: { planned: { removed: 1, changed: 1, added: 1 }, superseded: 0 },
    });
    expect(world.table).toEqual(before);
    expect((await readLedger(world)).map(({ key, values }) => [key, values.name])).toEqual([
      ['1', 'a'],
      ['2', 'b'],
      ['3', 'c'],
    ]);
  });

  it('is undone by the next run, and sends nothing more once the source agrees with it', async () => {
    world.rows = rowsOf('a');
    await ran();
    world.rows = rowsOf('b');
    const past = await ran();
    await ran(reverting(past));
    world.rows = rowsOf('a');
    await ran();
    expect(world.requests).toEqual([]);
    world.rows = rowsOf('b');
    await world.run();
    expect(sent()).toEqual([['1', 'b']]);
  });

  it('leaves alone what has changed since, what was in doubt before, and added rows if told so', async () => {
    world.rows = rowsOf('a', 'b', 'c');
    world.decide = ({ key }) => (key === '3' ? 'uncertain' : 'delivered');
    await ran();
    world.decide = () => 'delivered';
    world.rows = rowsOf('A', 'B', 'C', 'D');
    const past = await ran();
    world.rows = rowsOf('AA', 'B', 'C', 'D');
    await ran();
    const run = world.begin(reverting(past, 'keep'));
    await run.attempt();
    expect(sent()).toEqual([['2', 'b']]);
    expect(run.ended.counts).toMatchObject({ queried: 4, superseded: 3 });
  });

  it('is stopped by the guards like any run', async () => {
    world.rows = rowsOf('a', 'b');
    const past = await ran();
    world.configure({ guards: { removedShareMax: null, changedRowsMax: 1 } });
    const run = await ran(reverting(past));
    expect(run.ended.error?.code).toBe('run_guard');
    expect(world.table.size).toBe(2);
  });

  it('can itself be taken back', async () => {
    world.rows = rowsOf('a', 'b');
    await ran();
    world.rows = rowsOf('A');
    const past = await ran();
    const after = new Map(world.table);
    const revert = await ran(reverting(past));
    await ran(reverting(revert));
    expect(world.table).toEqual(after);
    await world.run();
    expect(world.requests).toEqual([]);
  });
});
