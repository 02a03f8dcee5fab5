// A worker is killed at every message of a run: at each statement, before the database has it and before its answer
// comes back, and at each request, applied or not. The short form takes every so-manieth of them.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { long } from './env.ts';
import { openHouses } from './house/houses.ts';
import { type House, leaseMs, type Pipe } from './house/open-house.ts';
import type { Statement, Verdict } from './house/pg-proxy.ts';
import { expectSettled } from './house/settle.ts';
import type { WorkerProcess } from './house/worker-process.ts';
import { dice } from './seed.ts';

const rows = long ? 300 : 60;
const batchRows = long ? 50 : 20;
/** As many as a run of this size sends, and more where a slow machine lets it tell of its progress more often. */
const messages = long ? 60 : 30;
const step = long ? 1 : 6;

const houses = openHouses(3);

/** A sync that has run once and has rows of every class to send. */
async function prepared(house: House): Promise<Pipe> {
  const pipe = await house.pipe({ rows, batchRows, concurrency: 2 });
  expect((await house.ended(await house.trigger(pipe.syncId))).status).toBe('success');
  await pipe.people.edit(dice(11), { changed: 0.4, removed: 0.4, added: 0.3 });
  return pipe;
}

async function goesOn(house: House, pipe: Pipe, runId: number): Promise<void> {
  await house.onlyWorker();
  expect(await house.ended(runId)).toMatchObject({ status: 'success', error: null });
  expect(pipe.collection.repeated).toBeLessThanOrEqual(batchRows * pipe.concurrency);
  expect(await expectSettled(house, pipe)).toHaveLength(1);
}

/** What an idle worker asks the database all the time is no message of a run. */
let idle: Promise<ReadonlySet<string>> | null = null;

async function watchIdle({ database }: WorkerProcess): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  database.inspect({
    before({ sql }) {
      seen.add(sql);
      return 'pass';
    },
  });
  await sleep(3 * leaseMs);
  database.inspect({});
  return seen;
}

/** Calls with 1 for the first statement of the run, 2 for the second …, on the side that is asked for. */
async function countStatements(
  worker: WorkerProcess,
  side: 'before' | 'after',
  hook: (number: number) => Verdict,
): Promise<void> {
  idle ??= watchIdle(worker);
  const background = await idle;
  let number = 0;
  worker.database.inspect({
    [side]: ({ sql }: Statement) => {
      if (background.has(sql)) return 'pass';
      number += 1;
      return hook(number);
    },
  });
}

test('a run of this size sends most of these messages', () =>
  houses.use(async (house) => {
    const worker = await house.onlyWorker();
    const pipe = await prepared(house);
    let seen = 0;
    await countStatements(worker, 'before', (number) => {
      seen = number;
      return 'pass';
    });
    await house.ended(await house.trigger(pipe.syncId));
    process.stdout.write(`  ${seen} statements, ${pipe.collection.book.length} requests\n`);
    expect(seen).toBeGreaterThan(messages / 2);
  }));

const points = Array.from({ length: Math.ceil(messages / step) }, (_, index) => 1 + index * step);

test.concurrent.each(points.flatMap((point) => [[point, 'before'] as const, [point, 'after'] as const]))(
  'killed at statement %i, %s the database has done it',
  (point, side) =>
    houses.use(async (house) => {
      const victim = await house.onlyWorker();
      const pipe = await prepared(house);
      await countStatements(victim, side, (number) => {
        if (number !== point) return 'pass';
        victim.signal('SIGKILL');
        return 'drop';
      });
      const runId = await house.trigger(pipe.syncId);
      // Progress is shown now and then, so the last points may lie beyond the end of the run.
      await Promise.race([victim.exit, house.ended(runId)]);
      await goesOn(house, pipe, runId);
    }),
);

const requests = Array.from({ length: long ? 7 : 2 }, (_, index) => index * (long ? 1 : 2) + 1);

test.concurrent.each(requests.flatMap((nth) => [[nth, 'all'] as const, [nth, 'none'] as const]))(
  'killed at request %i, of which the destination applies %s',
  (nth, applied) =>
    houses.use(async (house) => {
      const victim = await house.onlyWorker();
      const pipe = await prepared(house);
      let seen = 0;
      pipe.collection.decide(() => {
        seen += 1;
        if (seen !== nth) return { applied: 'all' };
        victim.signal('SIGKILL');
        return { applied };
      });
      const runId = await house.trigger(pipe.syncId);
      await house.killedAt(runId, victim);
      pipe.collection.decide(() => ({ applied: 'all' }));
      await goesOn(house, pipe, runId);
    }),
);
