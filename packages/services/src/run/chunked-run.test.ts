import { countsAddUp } from '@sluice/domain/change';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { LeaseLost } from '@sluice/engine/ports';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { cancelRun } from './cancel-run.ts';
import { createChunkStore } from './chunk-store.ts';
import { claimChunk } from './claim-chunk.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { getRunRow } from './get-run-row.ts';

// Several workers at once in one process, on a machine that may do other things.
vi.setConfig({ testTimeout: 90_000 });

let world: TestWorld;
const rows = 300;
beforeAll(async () => {
  world = await openTestWorld({
    workers: 0,
    environment: {
      CHUNKED_ROWS_MIN: '200',
      LEASE_MS: '1500',
      REQUEST_TIMEOUT_MS: '1000',
      RETRY_BASE_MS: '10',
    },
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.ctx.db.run.deleteMany({});
  world.server.requests.length = 0;
  world.server.handle(() => ({ delayMs: 5 }));
  await world.target.run(
    'drop table if exists public.people, public.small',
    'create table public.small (id int primary key, name text)',
    'create table public.people (id int, email text)',
    `insert into public.people select n, 'p' || n || '@example.com' from generate_series(1, ${rows}) n`,
  );
});

const configuration = (concurrency = 4): SyncConfigurationInput => ({
  object: 'request',
  mode: 'trigger',
  triggers: ['added'],
  options: { added: { method: 'POST', url: '/people/{{ row.id }}' }, concurrency },
});
const newSync = async (concurrency?: number) => {
  const modelId = await world.model({ sql: 'select id, email from public.people' });
  return (await world.sync({ modelId, to: 'http', configuration: configuration(concurrency) })).id;
};
const paths = () => world.server.requests.map(({ path }) => path);
/** The attempts whose captures are kept: one name for each worker that delivered. */
const attempts = async (runId: number) => {
  const batches = await world.ctx.db.runBatch.findMany({ where: { runId }, select: { exchangeKey: true } });
  return new Set(batches.map(({ exchangeKey }) => exchangeKey?.split('/').at(-1)?.split('-')[1]));
};

test('two workers deliver one plan, each row once, and what each sent is found by row', async () => {
  const workers = [world.worker(), world.worker()];
  const run = await world.trigger(await newSync());
  const ended = await world.ended(run.id, 60_000);
  expect(ended).toMatchObject({
    status: 'success',
    counts: { delivered: { added: rows } },
    completionRatio: 1,
  });
  expect(new Set(paths()).size).toBe(rows);
  expect(paths()).toHaveLength(rows);
  expect((await attempts(run.id)).size).toBe(2);
  // The limit of the sync is that of the destination, however many workers there are.
  expect(world.server.openMax).toBeLessThanOrEqual(4);
  for (const seq of [1, 150, 300]) {
    const row = await getRunRow(world.ctx, world.actor, { runId: run.id, seq });
    expect(row.exchanges[0]?.request.summary).toContain(`/people/${row.key}`);
  }
  expect(await world.ctx.db.runChunk.count()).toBe(0);
  await Promise.all(workers.map((worker) => worker.stop({ withinMs: 5_000 })));
});

test('the progress of a shared run is that of all its workers', async () => {
  world.server.handle(() => ({ delayMs: 20 }));
  const workers = [world.worker(), world.worker()];
  const run = await world.trigger(await newSync());
  const halfway = await until('half of the rows', async () => {
    const stored = await world.ctx.db.run.findUniqueOrThrow({ where: { id: run.id } });
    const delivered = (stored.counts as { delivered?: { added: number } } | null)?.delivered?.added ?? 0;
    return delivered > rows / 2 && { stored, delivered };
  });
  const answered = world.server.requests.length;
  expect(halfway.delivered).toBeLessThanOrEqual(answered);
  expect(halfway.stored.completionRatio).toBeGreaterThan(0.5);
  expect(halfway.stored.progress).toMatch(/^Sent \d+ of 300 rows$/);
  await world.ended(run.id, 60_000);
  await Promise.all(workers.map((worker) => worker.stop({ withinMs: 5_000 })));
});

test('the owner stops and hands over, helpers go on, and nothing is sent twice', async () => {
  const workers = [world.worker(), world.worker(), world.worker()];
  const run = await world.trigger(await newSync());
  await world.server.received(50);
  const { owner } = await world.ctx.db.run.findUniqueOrThrow({ where: { id: run.id } });
  const first = workers.find((worker) => worker.owner === owner);
  const began = performance.now();
  await first?.stop({ withinMs: 5_000 });
  expect(performance.now() - began).toBeLessThan(5_000);
  const ended = await world.ended(run.id, 60_000);
  expect(ended).toMatchObject({ status: 'success', counts: { delivered: { added: rows } } });
  expect(paths()).toHaveLength(rows);
  const stored = await world.ctx.db.run.findUniqueOrThrow({ where: { id: run.id } });
  expect(stored.epoch).toBe(2);
  await Promise.all(workers.map((worker) => worker.stop({ withinMs: 5_000 })));
});

test('a rolling restart of all workers loses nothing and repeats nothing', async () => {
  world.server.handle(() => ({ delayMs: 10 }));
  let workers = [world.worker(), world.worker()];
  const run = await world.trigger(await newSync());
  await world.server.received(30);
  for (const old of workers) {
    workers = [...workers, world.worker()];
    await old.stop({ withinMs: 5_000 });
  }
  const ended = await world.ended(run.id, 60_000);
  expect(ended).toMatchObject({ status: 'success', counts: { delivered: { added: rows } } });
  expect(paths()).toHaveLength(rows);
  await Promise.all(workers.map((worker) => worker.stop({ withinMs: 5_000 })));
});

test('a run that waits takes the slot of a helper back, and the shared run goes on', async () => {
  world.server.handle(({ path }) => (path.startsWith('/people') ? { delayMs: 100 } : {}));
  const workers = [world.worker({ slots: 1 }), world.worker({ slots: 1 })];
  const large = await world.trigger(await newSync());
  const helping = `"runId":${large.id},"syncId":${large.syncId},"workspaceId":${world.actor.workspaceId},"msg":"helping with a run"`;
  await until('a helper', () => world.ctx.logged.some((line) => line.includes(helping)));
  await world.server.received(30);
  const modelId = await world.model({ sql: `select 1 as id, 'a' as name` });
  const small = await world.sync({
    modelId,
    to: 'postgresql',
    configuration: {
      object: 'public.small',
      mode: 'upsert',
      matchKey: { from: 'id', to: 'id' },
      mappings: [{ type: 'column', from: 'name', to: 'name' }],
    },
  });
  expect(await world.run(small.id)).toMatchObject({ status: 'success' });
  const beside = await world.ctx.db.run.findUniqueOrThrow({ where: { id: large.id } });
  expect(beside.finishedAt).toBeNull();
  expect(await world.ended(large.id, 60_000)).toMatchObject({
    status: 'success',
    counts: { delivered: { added: rows } },
  });
  expect(paths().filter((path) => path.startsWith('/people'))).toHaveLength(rows);
  await Promise.all(workers.map((worker) => worker.stop({ withinMs: 5_000 })));
});

test('refused credentials stop all workers, and the rest is not attempted', async () => {
  world.server.handle(({ number }) => (number > 40 ? { status: 401 } : { delayMs: 5 }));
  const workers = [world.worker(), world.worker()];
  const run = await world.trigger(await newSync());
  const ended = await world.ended(run.id, 60_000);
  expect(ended).toMatchObject({ status: 'failed', error: { code: 'destination_auth' } });
  expect(countsAddUp(ended.counts)).toBe(true);
  expect(ended.counts.notAttempted.added).toBeGreaterThan(200);
  expect(ended.counts.uncertain.added).toBe(0);
  await Promise.all(workers.map((worker) => worker.stop({ withinMs: 5_000 })));
});

test('a cancel stops all workers within two seconds', async () => {
  const workers = [world.worker(), world.worker()];
  world.server.handle(() => ({ delayMs: 50 }));
  const id = await newSync();
  const run = await world.trigger(id);
  await world.server.received(40);
  const asked = performance.now();
  await cancelRun(world.ctx, world.actor, { id: run.id });
  const ended = await world.ended(run.id, 60_000);
  expect(performance.now() - asked).toBeLessThan(2_000);
  expect(ended).toMatchObject({ status: 'cancelled', counts: { uncertain: { added: 0 } } });
  expect(countsAddUp(ended.counts)).toBe(true);
  const sent = paths().length;
  expect(ended.counts.delivered.added).toBe(sent);
  world.server.handle(() => ({}));
  await world.run(id);
  expect(new Set(paths()).size).toBe(rows);
  expect(paths()).toHaveLength(rows);
  await Promise.all(workers.map((worker) => worker.stop({ withinMs: 5_000 })));
});

test('a chunk that was taken over can no longer be written by the worker before', async () => {
  world.server.handle(() => ({ fault: 'hang' }));
  const worker = world.worker({ slots: 1 });
  const run = await world.trigger(await newSync());
  await world.server.received(1);
  const [, second] = await world.ctx.db.runChunk.findMany({
    where: { runId: run.id },
    orderBy: { number: 'asc' },
  });
  if (!second) throw new Error('the plan was not cut');
  const quiet: ExchangeLog = { append: () => null, flush: async () => {} };
  const one = await claimChunk(world.ctx, run.id, 'one');
  if (!one) throw new Error('nothing to claim');
  const store = createChunkStore(world.ctx, one, quiet);
  const intent = { seqFrom: one.seqFrom, seqTo: one.seqFrom, class: one.class };
  await store.intend([intent]);
  await world.ctx.db.$executeRaw`
    update run_chunks set lease_until = now() - interval '1 hour' where run_id = ${run.id} and number = ${one.chunk}`;
  const two = await claimChunk(world.ctx, run.id, 'two');
  expect(two).toMatchObject({ chunk: one.chunk, epoch: one.epoch + 1, claims: 2 });
  const late = [
    store.intend([intent]),
    store.settle([{ ...intent, delivered: 1, exceptions: [], exchanges: [] }]),
    store.complete(),
    store.close(null),
    store.release({ unanswered: false }),
  ];
  for (const write of await Promise.allSettled(late)) {
    expect(write).toMatchObject({ status: 'rejected', reason: expect.any(LeaseLost) });
  }
  // What was only announced is what the next one finds in doubt.
  const found = [];
  if (two) for await (const batch of createChunkStore(world.ctx, two, quiet).batches()) found.push(batch);
  expect(found).toEqual([{ ...intent, state: 'intended' }]);
  await cancelRun(world.ctx, world.actor, { id: run.id });
  await worker.stop({ withinMs: 5_000 });
});
