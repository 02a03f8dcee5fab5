// A source whose connection breaks, lies or falls silent: nothing may be taken for removed.
import { sumCounts } from '@sluice/domain/change';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { long, seed } from './env.ts';
import { type House, openHouse, type Pipe } from './house/open-house.ts';
import { expectSettled } from './house/settle.ts';
import { dice } from './seed.ts';

const rows = long ? 100_000 : 3_000;
const cuts = long ? 20 : 5;

let house: House;
let pipe: Pipe;
beforeAll(async () => {
  house = await openHouse({ environment: { QUERY_TIMEOUT_MS: '3000' } });
  await house.worker();
  pipe = await house.pipe({ rows, batchRows: 500, concurrency: 4 });
  expect((await house.ended(await house.trigger(pipe.syncId))).status).toBe('success');
}, 300_000);
afterAll(() => house.close());
afterEach(() => {
  house.source.inspectRows(null);
  house.source.accept(true);
});

/** A run that must not plan anything, let alone send. */
async function expectNothingPlanned(code: string | RegExp): Promise<void> {
  const before = pipe.collection.book.length;
  const run = await house.ended(await house.trigger(pipe.syncId));
  expect(run.status).toBe('failed');
  expect(run.error?.code).toMatch(code);
  expect(sumCounts(run.counts.planned)).toBe(0);
  expect(pipe.collection.book.length).toBe(before);
}

test(`cut at ${cuts} random rows of ${rows} (seed ${seed}), it removes nothing`, async () => {
  const random = dice(seed);
  for (let cut = 0; cut < cuts; cut += 1) {
    const last = random.between(1, rows);
    house.source.inspectRows((row) => (row > last ? 'cut' : 'pass'));
    await expectNothingPlanned('source_ended_early');
  }
  house.source.inspectRows(null);
  expect(await expectSettled(house, pipe)).toHaveLength(1);
});

test('a result that ends as if it were whole, and is not, removes nothing', async () => {
  house.source.inspectRows((row) => (row % 7 === 0 ? 'drop' : 'pass'));
  await expectNothingPlanned('source_ended_early');
});

test('a source that refuses connections removes nothing', async () => {
  house.source.accept(false);
  await expectNothingPlanned(/^source_/);
});

test('a source that falls silent in the middle is given up, and removes nothing', async () => {
  house.source.inspectRows((row) => (row > 1_000 ? 'drop' : 'pass'));
  // The rows behind the thousandth never come, and neither does the end.
  house.source.inspect({ after: ({ sql }) => (/^COPY/.test(sql) ? 'drop' : 'pass') });
  await expectNothingPlanned(/^source_/);
  house.source.inspect({});
});

test('a source that holds nothing where it held much is not believed at once', async () => {
  const guarded = await house.ctx.db.sync.findUniqueOrThrow({ where: { id: pipe.syncId } });
  const configuration = {
    ...(guarded.configuration as object),
    guards: { removedShareMax: 0.3, changedRowsMax: null },
  };
  await house.ctx.db.sync.update({ where: { id: pipe.syncId }, data: { configuration } });
  await house.customer.run(
    `alter table ${pipe.people.table} rename to kept`,
    `create table ${pipe.people.table} (like kept)`,
  );
  const before = pipe.collection.book.length;
  const run = await house.ended(await house.trigger(pipe.syncId));
  expect(run).toMatchObject({ status: 'failed', error: { code: 'run_guard' } });
  expect(sumCounts(run.counts.notAttempted)).toBe(rows);
  expect(pipe.collection.book.length).toBe(before);
  await house.customer.run(
    `drop table ${pipe.people.table}`,
    `alter table public.kept rename to ${pipe.people.table.slice(7)}`,
  );
  expect(await expectSettled(house, pipe)).toHaveLength(1);
});
