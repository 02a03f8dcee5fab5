import { countsAddUp, noRunCounts } from '@sluice/domain/change';
import { SluiceError } from '@sluice/domain/error';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cutPlan } from '../deliver/cut-plan.ts';
import { pause } from '../deliver/pause.ts';
import { mortal } from './chunks.ts';
import { Killed, type Run, type Verdict, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open(['id', 'name']);
  world.batchRowsMax = 1;
  world.concurrency = 1;
});
afterEach(() => world.close());

const people = (count: number, name = 'a') =>
  Array.from({ length: count }, (_, index) => ({ id: String(index + 1).padStart(3, '0'), name }));
const immortal = Number.POSITIVE_INFINITY;
const breath = new AbortController().signal;

/** One owner after the other until the run has ended, and helpers beside them, each killed at the call named. */
async function live(
  run: Run,
  kills: { owners: readonly number[]; helpers: readonly number[] },
): Promise<void> {
  const owners = [...kills.owners];
  const helpers = [...kills.helpers];
  const help = async (): Promise<void> => {
    while (!run.end) {
      await run.help(mortal(helpers.shift() ?? immortal)).catch(onlyKills);
      await pause(1, breath);
    }
  };
  const helping = [help(), help()];
  while (!run.end) {
    const worker = { ...mortal(owners.shift() ?? immortal), rowsMin: 4 };
    await run.attempt({ worker }).catch(onlyKills);
  }
  await Promise.all(helping);
}

async function until(known: () => boolean): Promise<void> {
  while (!known()) await pause(1, breath);
}

function onlyKills(thrown: unknown): void {
  if (!(thrown instanceof Killed)) throw thrown;
}

describe('a plan that several workers deliver', () => {
  it('is cut at bounds of batches, within classes, and only when it is large', () => {
    const counts = { ...noRunCounts(), planned: { added: 25_000, changed: 0, removed: 12_345 } };
    const chunks = cutPlan(counts, { batchRowsMax: 500, concurrency: 4 }, 20_000);
    expect(chunks.map(({ class: name, seqFrom, seqTo }) => [name, seqFrom, seqTo])).toEqual([
      ['removed', 1, 8_000],
      ['removed', 8_001, 12_345],
      ['added', 12_346, 20_345],
      ['added', 20_346, 28_345],
      ['added', 28_346, 36_345],
      ['added', 36_346, 37_345],
    ]);
    expect(cutPlan(counts, { batchRowsMax: 500, concurrency: 4 }, 40_000)).toEqual([]);
    const million = { ...noRunCounts(), planned: { added: 10_000_000, changed: 0, removed: 0 } };
    expect(cutPlan(million, { batchRowsMax: 1, concurrency: 1 }, 20_000)).toHaveLength(100);
  });

  it('is sent once, by more than one worker, and its counts are those of all', async () => {
    world.rows = people(40);
    const run = world.begin();
    world.gate = () => pause(1, breath);
    const slow = { gate: () => pause(1, breath), dead: () => false };
    let helped = 0;
    const help = async (): Promise<void> => {
      while (!run.end) {
        const before = world.requests.length;
        await run.help(slow);
        helped += world.requests.length - before;
        await pause(1, breath);
      }
    };
    await Promise.all([run.attempt({ worker: { ...slow, rowsMin: 4 } }), help()]);
    expect(run.ended).toMatchObject({ status: 'success', counts: { delivered: { added: 40 } } });
    expect(world.requests.flat()).toHaveLength(40);
    expect(helped).toBeGreaterThan(0);
    expect(world.ledgerRows).toBe(40);
  });

  it('begins a class only when the one before is settled', async () => {
    world.rows = people(20);
    await world.run();
    world.requests = [];
    world.rows = people(20, 'b').slice(10);
    const run = world.begin({ ignoreGuards: true });
    await live(run, { owners: [], helpers: [] });
    const classes = world.requests.flat().map((record) => record.class);
    expect(classes).toEqual([...Array(10).fill('removed'), ...Array(10).fill('changed')]);
  });

  it('stops for all workers when one learns that going on is useless', async () => {
    world.rows = people(60);
    world.decide = ({ seq }) => {
      if (seq < 20) return 'delivered';
      throw new SluiceError('destination_auth', 'The credentials have ended.');
    };
    const run = world.begin();
    await live(run, { owners: [], helpers: [] });
    expect(run.ended).toMatchObject({ status: 'failed', error: { code: 'destination_auth' } });
    expect(world.requests.length).toBeLessThan(30);
    expect(countsAddUp(run.ended.counts)).toBe(true);
    world.decide = () => 'delivered';
    await world.run();
    expect(world.table.size).toBe(60);
  });

  it('ends only when no other worker has a request on its way', async () => {
    world.rows = people(8);
    world.decide = ({ seq }) => {
      if (seq > 4) return 'delivered'; // the helper's
      throw new SluiceError('destination_auth', 'The credentials have ended.');
    };
    const run = world.begin();
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const helper = {
      dead: () => false,
      gate: async (call: string) => {
        if (call !== 'deliver:after') return;
        asked.resolve();
        await answer.promise;
      },
    };
    // The owner waits until the other chunk is taken and its request sent; then it learns that the run has failed.
    const owner = {
      rowsMin: 4,
      dead: () => false,
      gate: async (call: string) => {
        if (call === 'intend') await Promise.race([asked.promise, until(() => run.end !== null)]);
      },
    };
    const ending = run.attempt({ worker: owner });
    await until(() => run.chunks.entries[0]?.state === 'claimed');
    const helping = run.help(helper);
    await until(() => run.chunks.failure !== null);
    for (let turn = 0; turn < 20; turn += 1) await pause(1, breath);
    expect(run.end).toBeNull();
    answer.resolve();
    await Promise.all([ending, helping]);
    expect(run.ended.counts).toMatchObject({ delivered: { added: 4 }, notAttempted: { added: 4 } });
  });

  it('keeps a doubt when the chunk of a dead worker is refused', async () => {
    world.rows = people(8);
    const run = world.begin();
    let dead = false;
    const first = {
      rowsMin: 4,
      dead: () => dead,
      gate: (call: string) => {
        if (dead || call === 'deliver:after') {
          dead = true;
          throw new Killed();
        }
      },
    };
    await run.attempt({ worker: first }).catch(onlyKills);
    world.decide = ({ seq }) => (seq === 1 ? 'rejected' : 'delivered');
    await live(run, { owners: [], helpers: [] });
    expect(run.ended.counts).toMatchObject({
      uncertain: { added: 1 },
      rejected: { added: 0 },
      delivered: { added: 7 },
    });
  });

  it('is cancelled by its owner, whoever is at work, and the rest is planned again', async () => {
    world.rows = people(60);
    const stop = new AbortController();
    world.decide = ({ seq }) => {
      if (seq > 20) stop.abort('cancelled');
      return 'delivered';
    };
    const run = world.begin();
    await run.attempt({ signal: stop.signal, worker: { ...mortal(immortal), rowsMin: 4 } });
    expect(run.ended.status).toBe('cancelled');
    expect(run.ended.counts.notAttempted.added).toBeGreaterThan(30);
    await world.run();
    expect(world.table.size).toBe(60);
  });

  it('is right after any workers have died anywhere, owners and helpers', { timeout: 240_000 }, async () => {
    const verdict = fc.constantFrom<Verdict>(
      'delivered',
      'delivered',
      'delivered',
      'rejected',
      'applied_but_lost',
      'retry',
    );
    const round = fc.record({
      gone: fc.array(fc.integer({ min: 0, max: 23 }), { maxLength: 12 }),
      name: fc.constantFrom('a', 'b', 'c'),
      verdicts: fc.array(verdict, { minLength: 1, maxLength: 12 }),
      owners: fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 3 }),
      helpers: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 3 }), async (history) => {
        const place = await World.open(['id', 'name']);
        place.batchRowsMax = 1;
        place.concurrency = 2;
        try {
          for (const { gone, name, verdicts, owners, helpers } of history) {
            place.rows = people(24, name).filter((_, index) => !gone.includes(index));
            let sent = 0;
            place.decide = () => verdicts[sent++ % verdicts.length] ?? 'delivered';
            const run = place.begin();
            await live(run, { owners, helpers });
            expect(countsAddUp(run.ended.counts)).toBe(true);
            expect(run.chunks.entries.filter(({ state }) => state === 'claimed' || state === 'open')).toEqual(
              [],
            );
          }
          place.decide = () => 'delivered';
          expect((await place.run()).status).toBe('success');
          expect(Object.fromEntries(place.table)).toEqual(
            Object.fromEntries(place.rows.map((row) => [row.id, { name: row.name }])),
          );
          place.requests = [];
          await place.run();
          expect(place.requests).toEqual([]);
        } finally {
          await place.close();
        }
      }),
      { numRuns: 25, interruptAfterTimeLimit: 200_000, markInterruptAsFailure: true },
    );
  });
});
