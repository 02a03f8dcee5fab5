import { countsAddUp } from '@sluice/domain/change';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pause } from '../deliver/pause.ts';
import { mortal } from './chunks.ts';
import { Shelf } from './shelf.ts';
import { Killed, type Run, World } from './world.ts';

let world: World;
let shelf: Shelf;
beforeEach(async () => {
  world = await World.open(['id', 'name'], { mode: 'diff', matchKey: null, mappings: [] });
  shelf = new Shelf(world);
});
afterEach(() => world.close());

const people = (count: number, name = 'a') =>
  Array.from({ length: count }, (_, index) => ({ id: String(index + 1).padStart(5, '0'), name }));
const keys = (from: number, to: number) =>
  people(to)
    .slice(from - 1)
    .map(({ id }) => id);
const shelved = () => Object.fromEntries(shelf.files);

function onlyKills(thrown: unknown): void {
  if (!(thrown instanceof Killed)) throw thrown;
}

/** Three known rows of which one leaves and one changes, and one that is new. */
async function changed(): Promise<Run> {
  world.rows = people(3);
  await world.run();
  world.rows = [{ id: '00002', name: 'b' }, ...people(4).slice(2)];
  shelf.files.clear();
  shelf.begun = [];
  return world.begin({ ignoreGuards: true });
}
const threeFiles = {
  '2-removed-1-of-1': ['00001'],
  '2-changed-1-of-1': ['00002'],
  '2-added-1-of-1': ['00004'],
};

describe('a destination that keeps files', () => {
  it('gets one file for each class that has rows, and none when nothing changed', async () => {
    const run = await changed();
    await run.attempt();
    expect(run.ended).toMatchObject({
      status: 'success',
      counts: { delivered: { added: 1, changed: 1, removed: 1 } },
    });
    expect(Object.entries(shelved())).toEqual(Object.entries(threeFiles));
    expect([...run.batches.values()].map(({ state }) => state)).toEqual(['settled', 'settled', 'settled']);
    shelf.files.clear();
    expect(await world.run()).toMatchObject({ status: 'success' });
    expect(shelved()).toEqual({});
  });

  it('gets a file without rows where the sync wants one, but not when the model is only taken as known', async () => {
    shelf.whenEmpty = true;
    expect(await world.run()).toMatchObject({ status: 'success' });
    expect(shelved()).toEqual({ '1-added-1-of-1': [] });
    world.rows = people(2);
    await world.run({ resync: 'reset' });
    expect(Object.keys(shelved())).toEqual(['1-added-1-of-1']);
  });

  it('streams a file that is larger than what is read at a time, in the order of the plan', async () => {
    world.rows = people(2_500);
    await world.run();
    expect(shelved()).toEqual({ '1-added-1-of-1': keys(1, 2_500) });
  });

  it('gets several files of a class with more rows than one may have', async () => {
    shelf.rowsMax = 4;
    world.rows = people(10);
    expect((await world.run()).counts.delivered.added).toBe(10);
    expect(shelved()).toEqual({
      '1-added-1-of-3': keys(1, 4),
      '1-added-2-of-3': keys(5, 8),
      '1-added-3-of-3': keys(9, 10),
    });
  });

  it('never shows half a file, and has each whole, wherever a worker is killed', {
    timeout: 120_000,
  }, async () => {
    let calls = 0;
    const counting = await changed();
    world.gate = () => {
      calls += 1;
    };
    await counting.attempt();
    expect(calls).toBeGreaterThan(20);
    for (let kill = 0; kill < calls; kill += 1) {
      await world.close();
      world = await World.open(['id', 'name'], { mode: 'diff', matchKey: null, mappings: [] });
      shelf = new Shelf(world);
      const run = await changed();
      const worker = mortal(kill);
      world.gate = worker.gate;
      await run.attempt().catch(onlyKills);
      for (const [name, rows] of shelf.files) expect(rows, name).toEqual(Object(threeFiles)[name]);
      world.gate = () => undefined;
      if (!run.end) await run.attempt();
      expect(run.ended).toMatchObject({
        status: 'success',
        counts: { delivered: { added: 1, changed: 1, removed: 1 } },
      });
      expect(countsAddUp(run.ended.counts)).toBe(true);
      expect(shelved()).toEqual(threeFiles);
      expect((await world.run()).counts.unchanged).toBe(3);
    }
  });

  it('is asked again for the whole file when it is not ready, and gives up after as many tries as a batch', async () => {
    let left = 2;
    shelf.decide = () => (left-- > 0 ? 'retry' : 'complete');
    world.rows = people(3);
    expect(await world.run()).toMatchObject({ status: 'success' });
    expect(shelf.begun).toHaveLength(3);
    shelf.decide = () => 'retry';
    world.rows = people(5);
    const end = await world.run();
    expect(end).toMatchObject({
      status: 'failed',
      error: { code: 'destination_failed' },
      counts: { delivered: { added: 0 }, notAttempted: { added: 2 } },
    });
    shelf.decide = () => 'complete';
    expect((await world.run()).counts.delivered.added).toBe(2);
  });

  it.each(['lost_visible', 'lost_invisible'] as const)(
    'leaves every row of a file in doubt whose answer was lost (%s), and sends them again with the next run',
    async (verdict) => {
      shelf.decide = () => verdict;
      world.rows = people(3);
      const end = await world.run();
      expect(end).toMatchObject({ status: 'failed', counts: { uncertain: { added: 3 } } });
      expect(countsAddUp(end.counts)).toBe(true);
      shelf.decide = () => 'complete';
      expect((await world.run()).counts.delivered.added).toBe(3);
      expect(shelved()['2-added-1-of-1']).toEqual(keys(1, 3));
    },
  );

  it('stops where going on is useless: nothing of that file or a later one was sent', async () => {
    shelf.rowsMax = 2;
    shelf.decide = (name) => (name.includes('-2-of-') ? 'broken' : 'complete');
    world.rows = people(6);
    const end = await world.run();
    expect(end).toMatchObject({
      status: 'failed',
      error: { code: 'destination_auth' },
      counts: { delivered: { added: 2 }, notAttempted: { added: 4 } },
    });
    expect(shelved()).toEqual({ '1-added-1-of-3': keys(1, 2) });
  });

  it('names the rows that cannot stand in the file or cannot be mapped, and delivers the others', async () => {
    world.configure({ matchKey: { from: 'name', to: 'x' } });
    world.rows = [
      { id: '00001', name: 'a' },
      { id: '00002', name: 'b' },
      { id: '00003', name: null },
    ];
    shelf.refuses = ['00002'];
    const run = world.begin();
    await run.attempt();
    expect(run.ended).toMatchObject({ status: 'warning', counts: { delivered: { added: 1 } } });
    expect([...run.exceptions.values()].map(({ key, code, outcome }) => [key, code, outcome])).toEqual([
      ['00003', 'match_key_null', 'rejected'],
      ['00002', 'unfit', 'rejected'],
    ]);
    expect(shelved()).toEqual({ '1-added-1-of-1': ['00001'] });
  });

  it('keeps nothing of a file when the run is cancelled in the middle of it', async () => {
    world.rows = people(5_000);
    const stop = new AbortController();
    world.gate = (call) => {
      if (call === 'file:rows') stop.abort('cancelled');
    };
    const run = world.begin();
    await run.attempt({ signal: stop.signal });
    expect(run.ended).toMatchObject({ status: 'cancelled', counts: { notAttempted: { added: 5_000 } } });
    expect(shelved()).toEqual({});
  });

  it('takes the files of a large plan from several workers, of which any may die', async () => {
    shelf.rowsMax = 2;
    world.rows = people(40);
    const run = world.begin();
    const kills = [9, 17];
    const help = async (): Promise<void> => {
      while (!run.end) {
        await run.help(mortal(kills.shift() ?? Number.POSITIVE_INFINITY)).catch(onlyKills);
        await pause(1, new AbortController().signal);
      }
    };
    const owner = { ...mortal(Number.POSITIVE_INFINITY), rowsMin: 4 };
    await Promise.all([run.attempt({ worker: owner }), help()]);
    expect(run.ended).toMatchObject({ status: 'success', counts: { delivered: { added: 40 } } });
    expect([...shelf.files.values()].flat().sort()).toEqual(keys(1, 40));
    expect(shelf.files.size).toBe(20);
    expect(run.chunks.entries.length).toBeGreaterThan(1);
  });
});
