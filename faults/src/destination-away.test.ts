// A destination that is not there for a while: nobody listens, and what was on its way is cut.
import { setTimeout as sleep } from 'node:timers/promises';
import { countsAddUp } from '@sluice/domain/change';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from './house/open-house.ts';
import { expectSettled } from './house/settle.ts';
import { soon } from './house/soon.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ environment: { RETRY_BASE_MS: '200' } });
  await house.worker();
});
afterAll(() => house.close());

async function begun() {
  const pipe = await house.pipe({ rows: 400, batchRows: 10, concurrency: 2, alone: true });
  pipe.collection.decide(() => ({ applied: 'all', workMs: 40 }));
  const runId = await house.trigger(pipe.syncId);
  await soon('the first requests', () => pipe.collection.book.length > 5);
  return { pipe, runId };
}

test('it is away for a moment: what was cut is uncertain, the rest waits and is delivered', async () => {
  const { pipe, runId } = await begun();
  await house.api.listen(false);
  await sleep(250);
  await house.api.listen(true);
  const run = await house.ended(runId);
  expect(run.status).toBe('warning');
  // Two requests were on their way.
  expect(run.counts.uncertain.added).toBeLessThanOrEqual(20);
  expect(run.counts.uncertain.added + run.counts.delivered.added).toBe(400);
  await expectSettled(house, pipe);
});

test('it does not come back: the run stops, and leaves the rest alone', async () => {
  const { pipe, runId } = await begun();
  await house.api.listen(false);
  const run = await house.ended(runId);
  expect(run).toMatchObject({ status: 'failed', error: { code: 'destination_failed' } });
  expect(run.counts.notAttempted.added).toBeGreaterThan(0);
  expect(countsAddUp(run.counts)).toBe(true);
  await house.api.listen(true);
  await expectSettled(house, pipe);
});
