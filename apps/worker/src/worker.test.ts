// The worker as a process of its own: what happens to a run when it is stopped, killed or paused.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { getRun } from '@sluice/services/run/get-run';
import { openTestWorld, type TestWorld } from '@sluice/services/testing/open-test-world';
import { until } from '@sluice/testing/until';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000 });

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({
    workers: 0,
    environment: { LEASE_MS: '3000', REQUEST_TIMEOUT_MS: '3000', RETRY_BASE_MS: '10' },
  });
});
afterAll(() => world.close());

const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
  }
});

const rows = 60;
beforeEach(async () => {
  await world.ctx.db.run.deleteMany({});
  world.server.requests.length = 0;
  world.server.handle(() => ({ delayMs: 100 }));
  await world.target.run(
    'drop table if exists public.people',
    'create table public.people (id int, email text)',
    `insert into public.people select n, 'p' || n || '@example.com' from generate_series(1, ${rows}) n`,
  );
});

const main = join(import.meta.dirname, 'main.ts');
const configuration: SyncConfigurationInput = {
  object: 'request',
  mode: 'trigger',
  triggers: ['added'],
  options: { added: { method: 'POST', url: '/people/{{ row.id }}' }, concurrency: 2 },
};

interface Worker {
  readonly child: ChildProcess;
  readonly port: number;
  readonly output: () => string;
  readonly exit: Promise<number | null>;
}

function environment(overrides: Record<string, string> = {}): NodeJS.ProcessEnv {
  const set = Object.entries(world.ctx.environment).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  return {
    ...Object.fromEntries(set.map(([name, value]) => [name, String(value)])),
    NODE_ENV: 'production',
    WORKER_HEALTH_PORT: '0',
    LOG_LEVEL: 'info',
    ...overrides,
  };
}

async function startWorker(overrides: Record<string, string> = {}): Promise<Worker> {
  const child = spawn(process.execPath, [main], {
    env: environment(overrides),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const port = await until(
    'the worker',
    () => {
      if (child.exitCode !== null) throw new Error(output);
      return Number(/"healthPort":(\d+)/.exec(output)?.[1]);
    },
    60_000,
  );
  return { child, port, output: () => output, exit };
}

const newSync = async () => {
  const modelId = await world.model({ sql: 'select id, email from public.people' });
  return (await world.sync({ modelId, to: 'http', configuration })).id;
};
/** The worker that holds the run; waits while nobody alive does. */
const ownerOf = (runId: number, workers: readonly Worker[]) =>
  until('an owner', async () => {
    const { owner } = await world.ctx.db.run.findUniqueOrThrow({ where: { id: runId } });
    return workers.find(({ child }) => child.exitCode === null && owner?.includes(`:${child.pid}:`));
  });
const paths = () => world.server.requests.map(({ path }) => path);
const duplicates = () => paths().length - new Set(paths()).size;

test('answers its health, and runs what it is woken for', async () => {
  const worker = await startWorker();
  const health = await fetch(`http://127.0.0.1:${worker.port}/health`);
  expect(health.status).toBe(200);
  expect(await health.json()).toMatchObject({
    status: 'ok',
    database: true,
    queue: { backend: 'postgres', reachable: true },
  });
  const run = await world.run(await newSync());
  expect(run).toMatchObject({ status: 'success', counts: { delivered: { added: rows } } });
  expect(duplicates()).toBe(0);
});

test('stopped in the middle of a run, it hands over within 5 s and nothing is sent twice', async () => {
  const workers = await Promise.all([startWorker(), startWorker()]);
  const run = await world.trigger(await newSync());
  await world.server.received(10);
  const owner = await ownerOf(run.id, workers);
  owner.child.kill('SIGTERM');
  const askedAt = performance.now();
  expect(await owner.exit).toBe(0);
  const other = await ownerOf(run.id, workers);
  expect(other).not.toBe(owner);
  expect(performance.now() - askedAt).toBeLessThan(5_000);
  expect(await world.ended(run.id, 60_000)).toMatchObject({
    status: 'success',
    counts: { delivered: { added: rows } },
  });
  expect(duplicates()).toBe(0);
});

test('killed in the middle of a run, another goes on after the lease, and sends at most what was on its way twice', async () => {
  const first = await startWorker();
  const run = await world.trigger(await newSync());
  await world.server.received(10);
  first.child.kill('SIGKILL');
  await first.exit;
  await startWorker();
  const ended = await world.ended(run.id, 60_000);
  expect(ended).toMatchObject({ status: 'success', error: null });
  expect(ended.counts.delivered.added + ended.counts.uncertain.added).toBe(rows);
  expect(new Set(paths()).size).toBe(rows);
  // Two at once: those on their way, and those announced behind them.
  expect(duplicates()).toBeLessThanOrEqual(4);
  const stored = await world.ctx.db.run.findUniqueOrThrow({ where: { id: run.id } });
  expect(stored.epoch).toBe(2);
});

test('killed in the middle of a run that they share, owner and helper, others go on with what each had', async () => {
  const shared = { CHUNKED_ROWS_MIN: '20' };
  const workers = await Promise.all([startWorker(shared), startWorker(shared), startWorker(shared)]);
  const run = await world.trigger(await newSync());
  const helps = (worker: Worker) => worker.output().includes('helping with a run');
  await world.server.received(6);
  const owner = await ownerOf(run.id, workers);
  const helper = await until('a helper', () => workers.find((worker) => worker !== owner && helps(worker)));
  for (const { child } of [owner, helper]) child.kill('SIGKILL');
  const ended = await world.ended(run.id, 60_000);
  expect(ended).toMatchObject({
    error: null,
    counts: { rejected: { added: 0 }, notAttempted: { added: 0 } },
  });
  expect(ended.counts.delivered.added + ended.counts.uncertain.added).toBe(rows);
  expect(new Set(paths()).size).toBe(rows);
  // Of each of the two that died: those on their way, and those announced behind them.
  expect(duplicates()).toBeLessThanOrEqual(8);
  expect(await world.ctx.db.runChunk.count()).toBe(0);
});

test('all replaced one after the other during a run, nothing is lost and nothing sent twice', async () => {
  const shared = { CHUNKED_ROWS_MIN: '20' };
  world.server.handle(() => ({ delayMs: 500 }));
  const old = await Promise.all([startWorker(shared), startWorker(shared)]);
  const run = await world.trigger(await newSync());
  await world.server.received(4);
  const young = [startWorker(shared), startWorker(shared)];
  for (const { child, exit } of old) {
    await young.shift();
    const askedAt = performance.now();
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(performance.now() - askedAt).toBeLessThan(10_000);
  }
  const ended = await world.ended(run.id, 60_000);
  expect(ended).toMatchObject({ status: 'success', counts: { delivered: { added: rows } } });
  expect(duplicates()).toBe(0);
});

test('paused beyond its lease, it finds the run taken and adds nothing', async () => {
  const first = await startWorker();
  const id = await newSync();
  const run = await world.trigger(id);
  await world.server.received(10);
  first.child.kill('SIGSTOP');
  await startWorker();
  const ended = await world.ended(run.id, 60_000);
  expect(ended.status).toBe('success');
  const sent = world.server.requests.length;
  first.child.kill('SIGCONT');
  await until('the old owner to notice', () => first.output().includes('belongs to another worker'));
  expect(world.server.requests.length - sent).toBeLessThanOrEqual(2);
  expect(await getRun(world.ctx, world.actor, { id: run.id })).toEqual(ended);
});

test('a run that kills its worker again and again ends, and says so', async () => {
  const id = await newSync();
  const run = await world.trigger(id);
  await world.ctx.db.run.update({ where: { id: run.id }, data: { status: 'querying', claims: 5, epoch: 5 } });
  await startWorker();
  const ended = await world.ended(run.id, 60_000);
  expect(ended).toMatchObject({ status: 'failed', error: { code: 'run_crash_loop' } });
  expect(paths()).toEqual([]);
  expect((await world.run(id)).counts.delivered.added).toBe(rows);
});

test('refuses to start with wrong settings, and names them without their values', async () => {
  const env = environment({ DATABASE_URL: 'mysql://root:secret@example.com', LEASE_MS: 'soon' });
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(1);
  expect(output).toContain('DATABASE_URL');
  expect(output).toContain('LEASE_MS');
  expect(output).not.toContain('secret');
});
