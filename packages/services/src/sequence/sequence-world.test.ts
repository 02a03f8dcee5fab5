// Sequences with a real worker, scheduler, database and destination between the steps.
import { isFinal } from '@sluice/domain/run-status';
import type { StepPolicy } from '@sluice/domain/sequence';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Scheduler, startScheduler } from '../scheduler/start-scheduler.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { cancelSequenceRun } from './cancel-sequence-run.ts';
import { createSequence } from './create-sequence.ts';
import { getSequenceRun } from './get-sequence-run.ts';
import { triggerSequence } from './trigger-sequence.ts';

let world: TestWorld;
let scheduler: Scheduler;
beforeAll(async () => {
  world = await openTestWorld();
  scheduler = startScheduler(world.ctx);
});
afterAll(async () => {
  await scheduler.stop();
  await world.close();
});

const configuration = (path: string): SyncConfigurationInput => ({
  object: 'request',
  mode: 'trigger',
  triggers: ['added'],
  options: { added: { method: 'POST', url: `/${path}/{{ row.id }}` }, concurrency: 2 },
});

/** Two syncs of ten rows each, the first one's path before the second one's. */
async function start(policy: StepPolicy, path: string) {
  const modelId = await world.model({ sql: 'select n as id from generate_series(1, 10) n' });
  const steps = [];
  for (const name of [`${path}-first`, `${path}-second`]) {
    const sync = await world.sync({ modelId, to: 'http', configuration: configuration(name) });
    steps.push({ syncId: sync.id, policy });
  }
  const sequence = await createSequence(world.ctx, world.actor, {
    name: path,
    steps,
    schedule: null,
    disabled: false,
  });
  return triggerSequence(world.ctx, world.actor, { id: sequence.id });
}

const look = (id: string) => getSequenceRun(world.ctx, world.actor, { id });
const ended = (id: string) =>
  until(
    'the end of the sequence run',
    async () => {
      const run = await look(id);
      return run.finishedAt ? run : null;
    },
    30_000,
  );

test.each([
  {
    path: 'strict',
    policy: { type: 'stop_on_fatal_or_rejections', rejectedShareMax: 0.1 },
    status: 'failed',
  },
  { path: 'lenient', policy: { type: 'stop_on_fatal_or_rejections', rejectedShareMax: 0.2 }, status: 'done' },
  { path: 'fatal', policy: { type: 'stop_on_fatal' }, status: 'done' },
  { path: 'anyway', policy: { type: 'continue' }, status: 'done' },
] as const)('two of ten rows rejected in step 1 end a sequence of $path steps as $status', async (row) => {
  world.server.requests.length = 0;
  world.server.handle(({ path }) => ({ status: /first\/[12]$/.test(path) ? 422 : 200 }));
  const run = await ended((await start(row.policy, row.path)).id);
  expect(run.status).toBe(row.status);
  const [first, second] = run.steps;
  expect(first).toMatchObject({ status: 'warning', plannedRows: 10, rejectedRows: 2 });
  expect(second?.status ?? null).toBe(row.status === 'done' ? 'success' : null);
  const order = world.server.requests.map(({ path }) => /-(first|second)\//.exec(path)?.[1]);
  expect(order.lastIndexOf('first')).toBe(9);
  expect(order).toHaveLength(row.status === 'done' ? 20 : 10);
});

test('cancelling stops the step under way and ends with it', async () => {
  world.server.requests.length = 0;
  world.server.handle(() => ({ delayMs: 300 }));
  const { id } = await start({ type: 'continue' }, 'cancelled');
  await until('the first request', async () => world.server.requests.length > 0);
  await cancelSequenceRun(world.ctx, world.actor, { id });
  const run = await ended(id);
  expect(run).toMatchObject({ status: 'cancelled', steps: [{ status: 'cancelled' }, { runId: null }] });
  expect(run.steps.every(({ status }) => status === null || isFinal(status))).toBe(true);
  expect(world.server.requests.length).toBeLessThan(10);
});
