import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { cancelRun } from './cancel-run.ts';
import { getRun } from './get-run.ts';

vi.setConfig({ testTimeout: 90_000 });

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ workers: 0, environment: { LEASE_MS: '5000', REQUEST_TIMEOUT_MS: '5000' } });
  await world.target.run(
    'create table public.small (id int primary key, name text)',
    'create table public.people (id int)',
    'insert into public.people select generate_series(1, 20)',
  );
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.ctx.db.run.deleteMany({});
  await world.ctx.db.destinationPace.deleteMany({});
  world.server.requests.length = 0;
});

const configuration: SyncConfigurationInput = {
  object: 'request',
  mode: 'trigger',
  triggers: ['added'],
  options: { added: { method: 'POST', url: '/people/{{ row.id }}' }, concurrency: 2 },
};
const waiting = async () => {
  world.server.handle(({ number }) =>
    number <= 5 ? {} : { status: 429, headers: { 'retry-after': '600' }, body: { message: 'later' } },
  );
  const modelId = await world.model({ sql: 'select id from public.people' });
  const sync = await world.sync({ modelId, to: 'http', configuration });
  const run = await world.trigger(sync.id);
  await until('the run to wait', async () => {
    const stored = await world.ctx.db.run.findUniqueOrThrow({ where: { id: run.id } });
    return stored.owner === 'parked';
  });
  return run;
};

test.each([{ chunkedRowsMin: 20_000 }, { chunkedRowsMin: 10 }])(
  'a long pause of a destination holds no place, and the run goes on after it: $chunkedRowsMin',
  async ({ chunkedRowsMin }) => {
    Object.assign(world.ctx.settings, { chunkedRowsMin });
    const number = world.server.requests.length;
    expect(number).toBe(0);
    const worker = world.worker({ slots: 1 });
    const run = await waiting();
    expect(await getRun(world.ctx, world.actor, { id: run.id })).toMatchObject({
      status: 'processing',
      progress: 'Waiting: the destination asked for a pause of 10 min',
    });
    // The only place is free for others meanwhile.
    const other = await world.sync({
      modelId: await world.model({ sql: `select 1 as id, 'a' as name` }),
      to: 'postgresql',
      configuration: {
        object: 'public.small',
        mode: 'upsert',
        matchKey: { from: 'id', to: 'id' },
        mappings: [{ type: 'column', from: 'name', to: 'name' }],
      },
    });
    expect(await world.run(other.id)).toMatchObject({ status: 'success' });
    const sent = world.server.requests.length;
    await worker.stop({ withinMs: 5_000 });
    // The time is over, by the database's clock.
    world.server.handle(() => ({}));
    await world.ctx.db.$executeRaw`update runs set lease_until = now() where id = ${run.id}`;
    await world.ctx.db.$executeRaw`update destination_paces set free_at = now()`;
    const next = world.worker({ slots: 1 });
    const ended = await world.ended(run.id);
    expect(ended).toMatchObject({ status: 'success', counts: { delivered: { added: 20 } } });
    expect(sent).toBeLessThan(10);
    await next.stop({ withinMs: 5_000 });
  },
);

test('a run that waits for its destination is cancelled at once', async () => {
  const worker = world.worker({ slots: 1 });
  const run = await waiting();
  const asked = performance.now();
  await cancelRun(world.ctx, world.actor, { id: run.id });
  const ended = await world.ended(run.id);
  expect(performance.now() - asked).toBeLessThan(2_000);
  expect(ended).toMatchObject({ status: 'cancelled', counts: { rejected: { added: 0 } } });
  expect(ended.counts.delivered.added + ended.counts.uncertain.added).toBeLessThan(10);
  await worker.stop({ withinMs: 5_000 });
});
