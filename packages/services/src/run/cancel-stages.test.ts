import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { until } from '@sluice/testing/until';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { cancelRun } from './cancel-run.ts';
import type { RunExecutor } from './start-run-executor.ts';

let world: TestWorld;
let worker: RunExecutor;
beforeAll(async () => {
  world = await openTestWorld({
    workers: 0,
    environment: { LEASE_MS: '30000', REQUEST_TIMEOUT_MS: '30000', RETRY_BASE_MS: '10' },
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.ctx.db.run.deleteMany({});
  world.server.requests.length = 0;
  world.server.handle(() => ({}));
  worker = world.worker();
});
afterEach(() => worker.stop({ withinMs: 5_000 }));

const begin = async (sql: string, options: Record<string, unknown> = {}, columns = ['id']) => {
  const modelId = await world.model({ sql });
  const configuration: SyncConfigurationInput = {
    object: 'request',
    mode: 'trigger',
    triggers: ['added'],
    options: { added: { method: 'POST', url: `/{{ row.${columns[0]} }}` }, concurrency: 2, ...options },
  };
  const sync = await world.sync({ modelId, to: 'http', configuration });
  return (await world.trigger(sync.id)).id;
};

/** From the click to the end, in milliseconds. */
async function cancel(runId: number) {
  const asked = performance.now();
  await cancelRun(world.ctx, world.actor, { id: runId });
  const run = await world.ended(runId);
  const ms = Math.round(performance.now() - asked);
  process.stdout.write(`cancelled after ${ms} ms in ${run.stages.at(-1)?.stage ?? 'queued'}\n`);
  expect(run.status).toBe('cancelled');
  expect(ms).toBeLessThan(2_000);
  return run;
}
const stageOf = (runId: number, stage: string) =>
  until(`the stage ${stage}`, async () => {
    const { stages } = await world.ctx.db.run.findUniqueOrThrow({ where: { id: runId } });
    return (stages as { stage: string; finishedAt: string | null }[]).some(
      (one) => one.stage === stage && one.finishedAt === null,
    );
  });
const queries = async () => {
  const [row] = await world.target.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where state = 'active' and query ~ 'slow_model' and pid <> pg_backend_pid()`,
  );
  return row?.count ?? 0;
};

test('before it began', async () => {
  await worker.stop({ withinMs: 5_000 });
  await cancel(await begin('select 1 as id'));
});

test('while the source computes: its query is ended on the server', async () => {
  const run = await begin(
    'select n as id, (select pg_sleep(60) where n > 0) as slow_model from generate_series(0, 1) n',
  );
  await until('the query', async () => (await queries()) > 0);
  await cancel(run);
  await until('no query', async () => (await queries()) === 0, 2_000);
});

test('while rows come', async () => {
  const run = await begin(
    'select n as id, repeat(md5(n::text), 8) as slow_model from generate_series(1, 30000000) n',
  );
  await until('some rows', async () => {
    const { progress } = await world.ctx.db.run.findUniqueOrThrow({ where: { id: run } });
    return /Read [1-9]/.test(progress ?? '');
  });
  await cancel(run);
  await until('no query', async () => (await queries()) === 0, 2_000);
});

test('while the rows are compared', async () => {
  const run = await begin(
    'select n as id, md5(n::text) as a, md5((n + 1)::text) as b from generate_series(1, 400000) n',
  );
  await stageOf(run, 'plan');
  await cancel(run);
  expect(world.server.requests).toHaveLength(0);
});

test('while answers are on their way: they have a short grace, then their rows are in doubt', async () => {
  // The first request goes alone; those behind it get no answer.
  world.server.handle(({ path }) => (path === '/1' ? {} : { fault: 'hang' }));
  const run = await begin('select n as id from generate_series(1, 100) n');
  await world.server.received(3);
  const ended = await cancel(run);
  expect(ended.counts).toMatchObject({
    delivered: { added: 1 },
    uncertain: { added: 2 },
    notAttempted: { added: 97 },
  });
  expect(world.server.requests).toHaveLength(3);
});

test('while a statement works at a database destination: it is ended on the server, and nothing of it stays', async () => {
  await world.target.run(
    'create table held (id int primary key, name text)',
    'create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return new; end $$',
    'create trigger slow before insert on held for each row execute function slow()',
  );
  const configuration: SyncConfigurationInput = {
    object: 'public.held',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'id' },
    mappings: [{ type: 'column', from: 'name', to: 'name' }],
  };
  const modelId = await world.model({ sql: "select 1 as id, 'Ann' as name" });
  const sync = await world.sync({ modelId, to: 'postgresql', configuration });
  const working = () =>
    world.target.query(
      `select pid from pg_stat_activity where wait_event = 'PgSleep' and pid <> pg_backend_pid()`,
    );
  const { id } = await world.trigger(sync.id);
  await until('the statement', async () => (await working()).length > 0);
  const ended = await cancel(id);
  expect(ended.counts).toMatchObject({ delivered: { added: 0 }, uncertain: { added: 0 } });
  await until('no statement', async () => (await working()).length === 0, 2_000);
  await world.target.run('drop trigger slow on held');
  expect(await world.target.query('select * from held')).toEqual([]);
  expect((await world.run(sync.id)).counts.delivered.added).toBe(1);
});

test('while requests wait for their turn', async () => {
  const run = await begin('select n as id from generate_series(1, 100) n', { requestsPerSecond: 0.1 });
  await world.server.received(1);
  const ended = await cancel(run);
  expect(ended.counts).toMatchObject({ delivered: { added: 1 }, notAttempted: { added: 99 } });
});

// The last one: the pause holds for the destination, whatever becomes of the run.
test('while the destination has asked for a long pause', async () => {
  world.server.handle(() => ({ status: 429, headers: { 'retry-after': '600' } }));
  const run = await begin('select n as id from generate_series(1, 100) n');
  await world.server.received(1);
  const ended = await cancel(run);
  expect(ended.counts.delivered.added).toBe(0);
});
