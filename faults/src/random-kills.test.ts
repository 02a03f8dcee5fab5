// Two workers that share the plan of a sync and are killed again and again, at moments that a seed decides.
import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal } from '@sluice/domain/run-status';
import { getRun } from '@sluice/services/run/get-run';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { long, seed } from './env.ts';
import { type House, openHouse, type Pipe } from './house/open-house.ts';
import { expectSettled } from './house/settle.ts';
import type { WorkerProcess } from './house/worker-process.ts';
import { type Dice, dice } from './seed.ts';

const rows = long ? 100_000 : 10_000;
/** Storms one after another over the same sync; each ends with everything in its place. */
const storms = Array.from({ length: long ? 10 : 1 }, (_, index) => seed + index);
const kills = long ? 20 : 10;

let house: House;
let pipe: Pipe;
beforeAll(async () => {
  // Small enough for both workers to deliver at once.
  const environment = { LEASE_MS: '1000', REQUEST_TIMEOUT_MS: '1000', CHUNKED_ROWS_MIN: '2000' };
  house = await openHouse({ environment });
  pipe = await house.pipe({ rows, batchRows: 50, concurrency: 4 });
}, 120_000);
afterAll(() => house.close());

/** Once the destination has seen some more requests, or none at all: a worker may die before it does anything. */
async function awaitMoment(random: Dice, runId: number): Promise<void> {
  const wanted = pipe.collection.book.length + (random.chance(0.25) ? 0 : random.between(1, 40));
  await sleep(random.between(50, 400));
  await until(
    'more requests',
    async () =>
      pipe.collection.book.length >= wanted ||
      isFinal((await getRun(house.ctx, house.actor, { id: runId })).status),
    120_000,
  );
}

test.each(storms)(
  `${kills} kills over ${rows} rows (seed %i): no row lost, none wrong, at most what was on its way sent twice`,
  async (given) => {
    const random = dice(given);
    const { collection, people } = pipe;
    if (given !== storms[0]) await people.edit(random, { changed: 0.3, removed: 0.1, added: 0.1 });
    collection.decide(() => ({ applied: 'all', workMs: random.between(5, 60) }));
    const before = { requests: collection.book.length, repeated: collection.repeated };
    const workers: WorkerProcess[] = await Promise.all([house.worker(), house.worker()]);
    let runId = await house.trigger(pipe.syncId);
    let owners = 0;
    for (let killed = 0; killed < kills; killed += 1) {
      await awaitMoment(random, runId);
      const run = await house.ctx.db.run.findUniqueOrThrow({ where: { id: runId } });
      if (run.finishedAt) {
        await people.edit(random, { changed: 0.3, removed: 0.1, added: 0.1 });
        runId = await house.trigger(pipe.syncId);
      }
      // Mostly the owner of the run; the other one helps it.
      const owner = workers.findIndex(({ pid }) => run.owner?.includes(`:${pid}:`));
      const chosen = owner >= 0 && random.chance(0.6) ? owner : random.between(0, workers.length - 1);
      if (chosen === owner) owners += 1;
      await (workers[chosen] as WorkerProcess).close();
      workers[chosen] = await house.worker();
    }
    expect(await house.ended(runId, 300_000)).toMatchObject({ status: 'success', error: null });
    await expectSettled(house, pipe);
    const repeated = collection.repeated - before.repeated;
    process.stdout.write(
      `  seed ${given}: ${kills} kills, ${owners} of the owner: ${collection.book.length - before.requests} requests, ${repeated} rows sent twice\n`,
    );
    expect(repeated).toBeLessThanOrEqual(kills * pipe.batchRows * pipe.concurrency);
    await house.reset(false);
  },
);
