// A worker that stands still beyond its lease (a paused machine, a blocked event loop) and comes back when another one
// has finished its run: nothing it still has in hand may count any more, or reach the destination.

import { expect, test } from 'vitest';
import { openHouses } from './house/houses.ts';
import type { House, Pipe } from './house/open-house.ts';
import { expectSettled } from './house/settle.ts';
import { soon } from './house/soon.ts';
import { type StatementName, statements } from './house/statements.ts';
import type { WorkerProcess } from './house/worker-process.ts';
import { dice } from './seed.ts';

/** Plans of this size are shared by workers that have nothing else to do. */
const sharedRows = 400;
const houses = openHouses(3, { environment: { CHUNKED_ROWS_MIN: String(sharedRows) } });

interface Sleeper {
  readonly house: House;
  readonly pipe: Pipe;
  readonly zombie: WorkerProcess;
  readonly runId: number;
}

/** Starts a run whose worker is stopped where `arm` says so. */
async function fallAsleep(
  house: House,
  arm: (zombie: WorkerProcess, pipe: Pipe, stop: () => void) => void,
): Promise<Sleeper> {
  const zombie = await house.onlyWorker();
  const pipe = await house.pipe({ rows: 60, batchRows: 10, concurrency: 2 });
  await house.ended(await house.trigger(pipe.syncId));
  await pipe.people.edit(dice(5), { changed: 0.5, removed: 0.2, added: 0.2 });
  const stopped = Promise.withResolvers<void>();
  arm(zombie, pipe, () => {
    zombie.signal('SIGSTOP');
    stopped.resolve();
  });
  const runId = await house.trigger(pipe.syncId);
  await stopped.promise;
  return { house, pipe, zombie, runId };
}

/** Another worker ends the run and a later one with newer values; then the first one wakes. */
async function wakeTooLate({ house, pipe, zombie, runId }: Sleeper): Promise<void> {
  await house.worker();
  expect((await house.ended(runId)).status).toBe('success');
  await pipe.people.edit(dice(6), { changed: 0.6, removed: 0.2, added: 0.1 });
  const next = await house.ended(await house.trigger(pipe.syncId));
  expect(next.status).toBe('success');
  const before = pipe.collection.book.length;
  const outcomes = await outcomesOf(house, pipe.syncId);
  const said = zombie.output().length;
  zombie.signal('SIGCONT');
  await soon('the old owner to notice', () => noticed.test(zombie.output().slice(said)));
  expect(pipe.collection.book.length - before, 'requests of the old owner').toBe(0);
  expect(await outcomesOf(house, pipe.syncId)).toEqual(outcomes);
  expect(await expectSettled(house, pipe)).toHaveLength(1);
}

/** What it says when its lease is gone, or its claim never came to be. */
const noticed =
  /belongs to another worker|looking for runs failed|no more help is needed|helping with a run failed/;

/** Everything that a worker without its lease must not touch. */
const outcomesOf = async ({ ctx }: House, syncId: number) => ({
  runs: await ctx.db.run.findMany({ where: { syncId }, orderBy: { id: 'asc' } }),
  batches: await ctx.db.runBatch.findMany({
    where: { run: { syncId } },
    orderBy: [{ runId: 'asc' }, { seqFrom: 'asc' }],
  }),
  ledger: await ctx.db.sync.findMany({
    where: { id: syncId },
    select: { ledgerKey: true, ledgerRows: true },
  }),
});

/** Stops before the worker learns that its statement is done; the answer waits for it. */
const whenDone =
  (name: StatementName, nth = 1) =>
  (zombie: WorkerProcess, _: Pipe, stop: () => void): void => {
    let seen = 0;
    zombie.database.inspect({
      after: ({ sql }) => {
        if (statements[name].test(sql) && ++seen === nth) stop();
        return 'pass';
      },
    });
  };

const onRequest =
  (nth: number) =>
  (_: WorkerProcess, pipe: Pipe, stop: () => void): void => {
    let seen = 0;
    pipe.collection.decide(() => {
      seen += 1;
      if (seen === nth) stop();
      return { applied: 'all' };
    });
  };

test.concurrent.each([
  ['claimed its run', whenDone('claim')],
  ['stored its plan', whenDone('plan')],
  ['announced its first batches', whenDone('intend')],
  ['announced later batches', whenDone('intend', 2)],
  ['sent a request', onRequest(2)],
  ['recorded an outcome', whenDone('settle', 2)],
] as const)('stopped when it had %s, it adds nothing after it wakes', (_, arm) =>
  houses.use(async (house) => wakeTooLate(await fallAsleep(house, arm))),
);

test('stopped while it helps with the run of another, it adds nothing after it wakes', () =>
  houses.use(async (house) => {
    const [first, second] = [await house.onlyWorker(), await house.worker()];
    const pipe = await house.pipe({ rows: sharedRows * 2, batchRows: 10, concurrency: 2 });
    pipe.collection.decide(() => ({ applied: 'all', workMs: 50 }));
    const runId = await house.trigger(pipe.syncId);
    const zombie = (await house.ownerOf(runId)) === first ? second : first;
    const stopped = Promise.withResolvers<void>();
    let settled = 0;
    zombie.database.inspect({
      after({ sql }) {
        if (statements.settle.test(sql) && ++settled === 3) {
          zombie.signal('SIGSTOP');
          stopped.resolve();
        }
        return 'pass';
      },
    });
    await stopped.promise;
    pipe.collection.decide(() => ({ applied: 'all' }));
    await wakeTooLate({ house, pipe, zombie, runId });
  }));
