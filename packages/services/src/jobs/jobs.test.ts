import { randomUUID } from 'node:crypto';
import { openDatabase } from '@sluice/db/client';
import { createEmptyDatabase } from '@sluice/testing/postgres';
import { findRedis } from '@sluice/testing/redis';
import { until } from '@sluice/testing/until';
import { afterEach, describe, expect, test } from 'vitest';
import { createLogger } from '../log/logger.ts';
import { createSecretRegistry } from '../vault/secret-registry.ts';
import { createQueueBackend, type QueueSettings } from './backend.ts';
import { bindJobs, type JobHandlers } from './bind-jobs.ts';
import { openJobQueue } from './queue.ts';

const redisUrl = await findRedis();
const { url: databaseUrl } = await createEmptyDatabase();

const lines: string[] = [];
const log = createLogger({
  name: 'test',
  level: 'debug',
  secrets: createSecretRegistry(),
  stream: { write: (line) => void lines.push(line) },
});

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.allSettled(opened.splice(0).map((item) => item.close()));
});

/** A namespace of its own for each test. */
const backends: Record<string, () => QueueSettings> = {
  postgres: () => ({ databaseUrl, namespace: `jobs_${randomUUID().slice(0, 8)}` }),
  ...(redisUrl && { redis: () => ({ databaseUrl, redisUrl, namespace: `test-${randomUUID()}` }) }),
};

const quiet: JobHandlers = {
  'run.execute': async () => {},
  'connection.check': async () => {},
  'sync.purge': async () => {},
  'source.tidy': async () => {},
  'webhook.send': async () => {},
  'retention.sweep': async () => {},
};

function queueOn(settings: QueueSettings) {
  const queue = openJobQueue({ ...settings, log });
  opened.push(queue);
  return queue;
}

function workerOn(settings: QueueSettings, handlers: Partial<JobHandlers>) {
  const worker = bindJobs({ ...settings, log, concurrency: 2 }, { ...quiet, ...handlers });
  opened.push(worker);
  return worker;
}

describe.each(Object.keys(backends))('job queue on %s', (kind) => {
  const settings = () => (backends[kind] as () => QueueSettings)();

  test('hands each payload to the handler of its name', async () => {
    const place = settings();
    const seen: unknown[] = [];
    const queue = queueOn(place);
    expect(queue.backend).toBe(kind);
    workerOn(place, {
      'run.execute': async (payload) => void seen.push(payload),
      'sync.purge': async (payload) => void seen.push(payload),
    });
    await queue.enqueue('run.execute', { runId: 7, workspaceId: 3 });
    await queue.enqueue('sync.purge', { workspaceId: 3, syncId: 9 });
    await until('both jobs', () => seen.length === 2);
    expect(seen).toEqual(
      expect.arrayContaining([
        { runId: 7, workspaceId: 3 },
        { workspaceId: 3, syncId: 9 },
      ]),
    );
    expect(await queue.ping()).toBe(true);
  });

  test('keeps jobs for a worker that comes later, and one per id', async () => {
    const place = settings();
    const queue = queueOn(place);
    await queue.enqueue('run.execute', { runId: 1, workspaceId: 1 }, { id: 'run-1' });
    await queue.enqueue('run.execute', { runId: 1, workspaceId: 1 }, { id: 'run-1' });
    const seen: number[] = [];
    workerOn(place, { 'run.execute': async ({ runId }) => void seen.push(runId) });
    await queue.enqueue('run.execute', { runId: 2, workspaceId: 1 });
    await until('the last job', () => seen.includes(2));
    expect(seen.toSorted()).toEqual([1, 2]);
  });

  test('repeats a job that failed, as often as the catalog says', async () => {
    const place = settings();
    let attempts = 0;
    const queue = queueOn(place);
    workerOn(place, {
      'sync.purge': async () => {
        attempts += 1;
        if (attempts < 2) throw new Error('not yet');
      },
    });
    await queue.enqueue('sync.purge', { workspaceId: 1, syncId: 1 });
    await until('the second attempt', () => attempts === 2);
  });

  test('parks a job that nobody understands, and goes on with the others', async () => {
    const place = settings();
    const raw = createQueueBackend(place).queue({});
    opened.push(raw);
    await raw.add('run.execute', { runId: 'not a number' });
    await raw.add('from.the.future', {});
    const seen: number[] = [];
    workerOn(place, { 'run.execute': async ({ runId }) => void seen.push(runId) });
    await queueOn(place).enqueue('run.execute', { runId: 5, workspaceId: 1 });
    await until('the good job', () => seen.includes(5));
    await until('two parked jobs', async () => (await raw.getJobCounts('failed')).failed === 2);
    expect(seen).toEqual([5]);
  });

  test('tells a handler when the worker stops', async () => {
    const place = settings();
    let aborted = false;
    const worker = workerOn(place, {
      'retention.sweep': (_, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            resolve();
          });
          void worker.close();
        }),
    });
    await queueOn(place).enqueue('retention.sweep', {});
    await until('the abort', () => aborted);
  });
});

test('the queue keeps to a schema of its own', async () => {
  const place = { databaseUrl, namespace: 'jobs_apart' };
  await queueOn(place).enqueue('retention.sweep', {});
  const db = openDatabase(databaseUrl, { poolMax: 1 });
  opened.push({ close: () => db.$disconnect() });
  const tables = await db.$queryRaw<{ schema: string; count: number }[]>`
    select table_schema as schema, count(*)::int as count from information_schema.tables
    where table_schema in ('public', 'jobs_apart') group by 1`;
  expect(tables.map(({ schema }) => schema)).toEqual(['jobs_apart']);
});

test('a queue that is down costs a line in the log, not the request', async () => {
  const queue = queueOn({ databaseUrl, redisUrl: 'redis://127.0.0.1:1', namespace: 'down' });
  await queue.enqueue('run.execute', { runId: 1, workspaceId: 1 });
  expect(lines.some((line) => line.includes('a wake-up was lost'))).toBe(true);
  expect(await queue.ping()).toBe(false);
});

test(
  redisUrl ? 'both backends were tried' : 'no Redis answers here: only the PostgreSQL backend was tried',
  () => {
    expect(Object.keys(backends)).toEqual(redisUrl ? ['postgres', 'redis'] : ['postgres']);
  },
);
