// Sluice's own database restarts, crashes, takes no writes, or loses connections in the middle of a run. A worker
// pauses and goes on; it sends nothing that it cannot record.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { long } from './env.ts';
import { type House, openHouse, type Pipe } from './house/open-house.ts';
import type { Statement } from './house/pg-proxy.ts';
import { type RestartablePostgres, startRestartablePostgres } from './house/restartable-postgres.ts';
import { expectSettled } from './house/settle.ts';
import { soon } from './house/soon.ts';
import { type StatementName, statements } from './house/statements.ts';
import type { WorkerProcess } from './house/worker-process.ts';
import { dice } from './seed.ts';

const downMs = long ? 30_000 : 3_000;

let own: RestartablePostgres;
let house: House;
let workers: WorkerProcess[];
beforeAll(async () => {
  own = await startRestartablePostgres();
  house = await openHouse({ environment: { DATABASE_URL: own.url } });
  workers = await Promise.all([house.worker(), house.worker()]);
}, 120_000);
afterAll(async () => {
  await house.close();
  await own.remove();
});
afterEach(() => {
  for (const { database } of workers) database.inspect({});
});

/** A run of a second or two; resolves when a part of it has been sent. */
async function begun(): Promise<{ pipe: Pipe; runId: number }> {
  const pipe = await house.pipe({ rows: 400, batchRows: 10, concurrency: 2 });
  pipe.collection.decide(() => ({ applied: 'all', workMs: 60 }));
  const runId = await house.trigger(pipe.syncId);
  await soon('the first requests', () => pipe.collection.book.length >= 6);
  return { pipe, runId };
}

async function expectGoesOn(
  { pipe, runId }: { pipe: Pipe; runId: number },
  repeatedMax: number,
): Promise<void> {
  expect(await house.ended(runId)).toMatchObject({ status: 'success', error: null });
  expect(workers.every(({ alive }) => alive)).toBe(true);
  expect(pipe.collection.repeated).toBeLessThanOrEqual(repeatedMax);
  expect(await expectSettled(house, pipe)).toHaveLength(1);
}

/** Each of the two workers may have two batches of ten rows that were sent, and whose outcome the database never heard of. */
const inFlight = 40;

test.each([
  ['is restarted', () => own.stop()],
  ['crashes', () => own.crash()],
])('the database %s in the middle of a run', async (_, end) => {
  const run = await begun();
  await end();
  await own.start();
  await expectGoesOn(run, inFlight);
});

test(`the database is away for ${downMs / 1000} s; the run goes on within 15 s, and no process ends`, async () => {
  const run = await begun();
  await own.stop();
  await sleep(downMs);
  await own.start();
  const back = performance.now();
  const before = run.pipe.collection.book.length;
  await soon('the next request', () => run.pipe.collection.book.length > before);
  expect(performance.now() - back).toBeLessThan(15_000);
  await expectGoesOn(run, inFlight);
});

test('while the database takes no writes, nothing is sent', async () => {
  const run = await begun();
  await own.run('alter system set default_transaction_read_only = on; select pg_reload_conf()');
  await soon('the last requests', async () => {
    const before = run.pipe.collection.book.length;
    await sleep(600);
    return run.pipe.collection.book.length === before;
  });
  await own.run(
    'set default_transaction_read_only = off; alter system reset default_transaction_read_only; select pg_reload_conf()',
  );
  await expectGoesOn(run, inFlight);
});

test('the database runs out of connections for a while', async () => {
  const run = await begun();
  await own.run(
    `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = 'sluice'`,
  );
  for (const { database } of workers) database.accept(false);
  await sleep(1_000);
  for (const { database } of workers) database.accept(true);
  await expectGoesOn(run, inFlight);
});

const cuts: [StatementName, 'before' | 'after'][] = (
  ['claim', 'freeze', 'plan', 'intend', 'settle', 'end'] as const
).flatMap((name) => [
  [name, 'before'],
  [name, 'after'],
]);

test.each(cuts)(
  'the connection breaks at the statement "%s", %s the database has done it',
  async (name, side) => {
    const pipe = await house.pipe({ rows: 60, batchRows: 10, concurrency: 2 });
    await house.ended(await house.trigger(pipe.syncId));
    await pipe.people.edit(dice(3), { changed: 0.5, removed: 0.2, added: 0.2 });
    let cut = 0;
    for (const { database } of workers) {
      database.inspect({
        [side]: ({ sql }: Statement) => {
          if (!statements[name].test(sql) || cut > 0) return 'pass';
          cut += 1;
          return 'cut';
        },
      });
    }
    const runId = await house.trigger(pipe.syncId);
    // The statement may have arrived or not; it is not repeated blindly, and no row is sent twice for it.
    await expectGoesOn({ pipe, runId }, 0);
    expect(cut).toBe(1);
  },
);
