// Workers are replaced one by one while runs go on, and people cancel at every stage.
import { setTimeout as sleep } from 'node:timers/promises';
import { sumCounts } from '@sluice/domain/change';
import { cancelRun } from '@sluice/services/run/cancel-run';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { long } from './env.ts';
import { type House, openHouse, type Pipe } from './house/open-house.ts';
import type { People } from './house/people.ts';
import { expectSettled } from './house/settle.ts';
import { soon } from './house/soon.ts';
import { statements } from './house/statements.ts';
import type { WorkerProcess } from './house/worker-process.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ environment: { CHUNKED_ROWS_MIN: '600' } });
});
afterAll(() => house.close());
afterEach(() => house.reset());

const rounds = long ? 10 : 2;

test(`${rounds} rolling restarts of both workers: the run survives them, and no row is sent twice`, async () => {
  const pipe = await house.pipe({ rows: rounds * 1_500, batchRows: 10, concurrency: 3 });
  pipe.collection.decide(() => ({ applied: 'all', workMs: 40 }));
  const workers = await Promise.all([house.worker(), house.worker()]);
  const runId = await house.trigger(pipe.syncId);
  await soon('the first requests', () => pipe.collection.book.length > 5);
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, worker] of workers.entries()) {
      // As a deploy does: the new one first, then the old one is asked to leave.
      workers[place] = await house.worker();
      const askedAt = performance.now();
      worker.signal('SIGTERM');
      expect(await worker.exit).toBe(0);
      expect(performance.now() - askedAt).toBeLessThan(30_000);
      const before = pipe.collection.book.length;
      await Promise.race([
        soon('a request after it', () => pipe.collection.book.length > before),
        house.ended(runId),
      ]);
    }
  }
  expect(await house.ended(runId, 120_000)).toMatchObject({ status: 'success', error: null });
  expect(pipe.collection.repeated).toBe(0);
  expect(await expectSettled(house, pipe)).toHaveLength(1);
});

/** Where the run is when somebody cancels it; resolves when it is there. */
type Stage = (worker: WorkerProcess, pipe: Pipe) => Promise<unknown>;

const seen =
  (pattern: RegExp, by: 'database' | 'source' = 'database'): Stage =>
  async (worker) => {
    const reached = Promise.withResolvers<void>();
    (by === 'source' ? house.source : worker.database).inspect({
      after({ sql }) {
        if (pattern.test(sql)) reached.resolve();
        return 'pass';
      },
    });
    return reached.promise;
  };
const answering =
  (fate: Parameters<Pipe['collection']['decide']>[0]): Stage =>
  async (_, pipe) => {
    pipe.collection.decide(fate);
    await soon('a request', () => pipe.collection.book.length > 0);
  };

const stages: [string, Stage][] = [
  ['claimed', seen(statements.claim)],
  [
    'waiting for a source that computes',
    async () => {
      await soon('the query', async () => {
        const [row] = await house.customer.query<{ running: number }>(
          `select count(*)::int as running from pg_stat_activity where query like 'COPY%' and state = 'active'`,
        );
        return row?.running;
      });
    },
  ],
  ['planning', seen(/^COPY /, 'source')],
  ['sending', answering(() => ({ applied: 'all', workMs: 100 }))],
  ['waiting for a destination that hangs', answering(() => ({ applied: 'none', answer: { fault: 'hang' } }))],
  [
    'waiting because a destination asked for a year',
    answering(() => ({ applied: 'none', answer: { status: 429, headers: { 'retry-after': '31536000' } } })),
  ],
  ['between tries', answering(() => ({ applied: 'none', answer: { status: 503 } }))],
];

/** Two seconds on a machine that has nothing else to do. */
const cancelMsMax = 4_000;

test.each(stages)(
  'cancelled when %s: it ends at once, and the next run does the rest',
  async (name, stage) => {
    const worker = await house.onlyWorker();
    const pipe = await house.pipe({ rows: 200, batchRows: 10, concurrency: 2, alone: true });
    if (name.includes('computes')) await slowDown(pipe.people);
    const there = stage(worker, pipe);
    const runId = await house.trigger(pipe.syncId);
    await there;
    const askedAt = performance.now();
    await cancelRun(house.ctx, house.actor, { id: runId });
    const run = await house.ended(runId);
    const tookMs = Math.round(performance.now() - askedAt);
    process.stdout.write(`  cancelled when ${name}: ended after ${tookMs} ms\n`);
    expect(run.status).toBe('cancelled');
    expect(tookMs).toBeLessThan(cancelMsMax);
    const before = pipe.collection.book.length;
    await sleep(300);
    expect(pipe.collection.book.length, 'requests after the end').toBe(before);
    expect(
      sumCounts(run.counts.delivered) + sumCounts(run.counts.notAttempted) + sumCounts(run.counts.uncertain),
    ).toBe(sumCounts(run.counts.planned) - sumCounts(run.counts.rejected));
    pipe.collection.decide(() => ({ applied: 'all' }));
    if (name.includes('computes')) await speedUp(pipe.people);
    if (name.includes('a year')) {
      // The pause holds for every run to this destination; here it is over, also in the worker's memory.
      await house.ctx.db.destinationPace.deleteMany();
      await house.reset(false);
      await house.worker();
    }
    await expectSettled(house, pipe);
  },
);

/** Ten seconds for two hundred rows. */
const slowDown = ({ table, run }: People) =>
  run(`alter table ${table} rename to slow_base`).then(() =>
    run(`create view ${table} as select * from public.slow_base where pg_sleep(0.05) is not null`),
  );
const speedUp = ({ table, run }: People) =>
  run(`drop view ${table}`).then(() =>
    run(`alter table public.slow_base rename to ${table.slice('public.'.length)}`),
  );
