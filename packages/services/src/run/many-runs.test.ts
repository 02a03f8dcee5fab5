import { Prisma } from '@sluice/db/generated/client';
import type { Actor } from '@sluice/domain/actor';
import { until } from '@sluice/testing/until';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startScheduler } from '../scheduler/start-scheduler.ts';
import { createCustomer } from '../testing/create-customer.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { claimRuns, claimStatement } from './claim-runs.ts';
import type { RunExecutor } from './start-run-executor.ts';

/** `MANY_RUNS=1000` is the size of the requirement: 50 workspaces with 20 syncs each. */
// biome-ignore lint/style/noProcessEnv: the size of a measurement, for whoever runs it by hand.
const syncsTotal = Number(process.env.MANY_RUNS ?? 60);
const workspaces = Math.max(2, syncsTotal / 20);

let world: TestWorld;
let executors: RunExecutor[] = [];
beforeAll(async () => {
  world = await openTestWorld({ workers: 0, environment: { LEASE_MS: '30000', REQUEST_TIMEOUT_MS: '5000' } });
  await world.target.run(
    'create table public.people (id int, email text)',
    `insert into public.people select n, 'p' || n || '@example.com' from generate_series(1, 10) n`,
  );
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  await world.ctx.db.sync.updateMany({ data: { nextRunAt: null } });
  await world.ctx.db.run.deleteMany({});
});
afterEach(async () => {
  await Promise.all(executors.map((executor) => executor.stop({ withinMs: 5_000 })));
  executors = [];
});

let number = 0;
/** A workspace of its own with that many syncs of ten rows each, to an API of its own. */
function customer(syncs: number, sql = 'select id, email from public.people'): Promise<Actor> {
  number += 1;
  const { ctx, target, server } = world;
  const ends = { source: target.configuration, apiUrl: server.url };
  return createCustomer(ctx, { ...ends, name: `customer-${number}`, syncs, sql });
}
const worker = (slots = 4) => {
  const executor = world.worker({ slots, perWorkspaceMax: 3 });
  executors.push(executor);
};
/** Queues a run of every sync of these workspaces. */
const queueAll = (actors: readonly Actor[]) => world.ctx.db.$executeRaw`
  insert into runs (workspace_id, sync_id, status, trigger, triggered_by)
  select workspace_id, id, 'queued', 'manual', 'test' from syncs
  where workspace_id = any(${actors.map(({ workspaceId }) => workspaceId)}::int[])`;
const ended = (count: number, timeoutMs: number) =>
  until(
    `${count} runs`,
    async () => (await world.ctx.db.run.count({ where: { finishedAt: { not: null } } })) >= count,
    timeoutMs,
  );
const secondsToStart = (where: Prisma.Sql) => world.ctx.db.$queryRaw<{ late: number }[]>`
  select extract(epoch from started_at - created_at)::float8 as late from runs where ${where} order by late`;

test('schedules that fire in the same minute become one run each, and all start within a minute', async () => {
  for (let index = 0; index < workspaces; index += 1) await customer(syncsTotal / workspaces);
  world.server.requests.length = 0;
  worker();
  worker();
  await world.ctx.db.$executeRaw`
    update syncs set next_run_at = date_trunc('second', now()), schedule_anchor = now(),
      schedule = '{"type": "interval", "every": 1, "unit": "day"}'::jsonb`;
  const began = performance.now();
  const schedulers = [startScheduler(world.ctx), startScheduler(world.ctx)];
  await ended(syncsTotal, 170_000);
  const seconds = (performance.now() - began) / 1_000;
  await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
  const runs = await world.ctx.db.run.findMany({ select: { syncId: true, status: true, startedAt: true } });
  expect(runs).toHaveLength(syncsTotal);
  expect(new Set(runs.map(({ syncId }) => syncId)).size).toBe(syncsTotal);
  expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(['success']));
  expect(world.server.requests).toHaveLength(syncsTotal * 10);
  const late = await secondsToStart(Prisma.sql`true`);
  process.stdout.write(
    `${syncsTotal} runs in ${seconds.toFixed(1)} s; start: median ${late[late.length >> 1]?.late.toFixed(1)} s, last ${late.at(-1)?.late.toFixed(1)} s\n`,
  );
  expect(late.at(-1)?.late).toBeLessThan(60);
}, 240_000);

test('a workspace with a long queue does not delay the others', async () => {
  const large = await customer(syncsTotal);
  const small = await Promise.all(Array.from({ length: 5 }, () => customer(2)));
  await queueAll([large]);
  await queueAll(small);
  worker();
  worker();
  const others = Prisma.sql`workspace_id <> ${large.workspaceId}`;
  await until(
    'the runs of the small ones',
    async () =>
      (await world.ctx.db.run.count({
        where: { finishedAt: { not: null }, workspaceId: { not: large.workspaceId } },
      })) === 10,
    60_000,
  );
  const late = await secondsToStart(others);
  process.stdout.write(`beside ${syncsTotal} queued: last start ${late.at(-1)?.late.toFixed(1)} s\n`);
  expect(late.at(-1)?.late).toBeLessThan(15);
  const most = await world.ctx.db.run.count({ where: { workspaceId: large.workspaceId, finishedAt: null } });
  expect(most).toBeGreaterThan(syncsTotal / 3);
}, 120_000);

test('claiming reads open runs alone, however many have ended', async () => {
  const actor = await customer(20);
  await queueAll([actor]);
  await world.ctx.db.$executeRaw`
    insert into runs (workspace_id, sync_id, status, trigger, triggered_by, started_at, finished_at)
    select workspace_id, id, 'success', 'manual', 'test', now(), now()
    from syncs, generate_series(1, 5000) where workspace_id = ${actor.workspaceId}`;
  await world.ctx.db.$executeRaw`analyze runs`;
  const limits = { owner: 'one', slots: 4, perWorkspaceMax: 3 };
  const plan = await world.ctx.db.$queryRaw<{ 'QUERY PLAN': unknown }[]>(
    Prisma.sql`explain (format json) ${claimStatement(world.ctx.settings, limits)}`,
  );
  const scans = nodesOf(plan).filter((node) => node['Relation Name'] === 'runs');
  expect(scans.length).toBeGreaterThan(1);
  expect(scans.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([]);
  const began = performance.now();
  expect(await claimRuns(world.ctx, limits)).toHaveLength(3);
  process.stdout.write(`a claim among 100,000 runs: ${(performance.now() - began).toFixed(1)} ms\n`);
}, 120_000);

type PlanNode = Record<string, unknown>;
function nodesOf(value: unknown): PlanNode[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (typeof value !== 'object' || value === null) return [];
  const node = value as PlanNode;
  return [...('Node Type' in node ? [node] : []), ...Object.values(node).flatMap(nodesOf)];
}
