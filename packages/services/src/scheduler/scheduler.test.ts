import { toJson } from '@sluice/db/json';
import type { Actor } from '@sluice/domain/actor';
import { nextTimes, type Schedule } from '@sluice/domain/schedule';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { claimRuns } from '../run/claim-runs.ts';
import { triggerSync } from '../sync/trigger-sync.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { createTestSync } from '../testing/create-test-sync.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { runDueSyncs } from './run-due-syncs.ts';
import { startScheduler } from './start-scheduler.ts';

let ctx: TestContext;
let actor: Actor;
const minutely: Schedule = {
  type: 'interval',
  schedule: { interval: { unit: 'minute', quantity: 1 } },
};

beforeAll(async () => {
  ctx = await openTestContext();
  ({ actor } = await createTestMember(ctx, 'acme'));
});
afterAll(() => ctx.close());
beforeEach(async () => {
  await ctx.db.run.deleteMany({});
  await ctx.db.sync.deleteMany({});
});

const hour = 3_600_000;

async function scheduled(options: { dueAgoMs: number; schedule?: Schedule; disabled?: boolean }) {
  const { id } = await createTestSync(ctx, actor.workspaceId);
  const next = new Date(Math.floor((Date.now() - options.dueAgoMs) / 1000) * 1000);
  await ctx.db.sync.update({
    where: { id },
    data: {
      schedule: toJson(options.schedule ?? minutely),
      scheduleAnchor: next,
      nextRunAt: next,
      disabled: options.disabled ?? false,
    },
  });
  return { id, next };
}

const runsOf = (syncId: number) => ctx.db.run.findMany({ where: { syncId }, orderBy: { id: 'asc' } });

describe('scheduler', () => {
  test('makes one run of the times that were missed, and goes on in the future', async () => {
    const { id, next } = await scheduled({ dueAgoMs: 3 * hour });
    expect(await runDueSyncs(ctx)).toBe(1);
    expect(await runDueSyncs(ctx)).toBe(0);
    const runs = await runsOf(id);
    expect(runs).toMatchObject([
      { status: 'queued', trigger: 'schedule', triggeredBy: 'Schedule', tick: next },
    ]);
    const sync = await ctx.db.sync.findUniqueOrThrow({ where: { id } });
    expect(sync.status).toBe('queued');
    expect(sync.lastRunAt).not.toBeNull();
    const wait = (sync.nextRunAt?.getTime() ?? 0) - Date.now();
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60_000);
  });

  test('is served by a run that waits already', async () => {
    const { id } = await scheduled({ dueAgoMs: 1_000 });
    const queued = await triggerSync(ctx, actor, { id, resync: 'none', ignoreGuards: false });
    expect(await runDueSyncs(ctx)).toBe(1);
    expect((await runsOf(id)).map((run) => run.id)).toEqual([queued.id]);
    expect((await ctx.db.sync.findUniqueOrThrow({ where: { id } })).nextRunAt?.getTime()).toBeGreaterThan(
      Date.now(),
    );
  });

  test('queues a follow-up while a run goes on', async () => {
    const { id } = await scheduled({ dueAgoMs: 1_000 });
    await runDueSyncs(ctx);
    await claimRuns(ctx, { owner: 'one', slots: 1, perWorkspaceMax: 1 });
    await ctx.db.sync.update({ where: { id }, data: { nextRunAt: new Date(Date.now() - 500) } });
    expect(await runDueSyncs(ctx)).toBe(1);
    expect((await runsOf(id)).map(({ status }) => status)).toEqual(['querying', 'queued']);
  });

  test('never fires the same time twice, whatever the row says', async () => {
    const { id, next } = await scheduled({ dueAgoMs: 5_000 });
    await runDueSyncs(ctx);
    await ctx.db.run.updateMany({ where: { syncId: id }, data: { status: 'success' } });
    await ctx.db.sync.update({ where: { id }, data: { nextRunAt: next } });
    expect(await runDueSyncs(ctx)).toBe(1);
    expect(await runsOf(id)).toHaveLength(1);
  });

  test('leaves disabled syncs and future times alone', async () => {
    await scheduled({ dueAgoMs: 1_000, disabled: true });
    await scheduled({ dueAgoMs: -60_000 });
    expect(await runDueSyncs(ctx)).toBe(0);
    expect(await ctx.db.run.count()).toBe(0);
  });

  test('stops a schedule that cannot be read, and fires the others', async () => {
    const broken = await scheduled({
      dueAgoMs: 1_000,
      schedule: { type: 'nonsense' } as unknown as Schedule,
    });
    const good = await scheduled({ dueAgoMs: 1_000 });
    expect(await runDueSyncs(ctx)).toBe(2);
    expect((await ctx.db.sync.findUniqueOrThrow({ where: { id: broken.id } })).nextRunAt).toBeNull();
    expect(await runsOf(good.id)).toHaveLength(1);
  });

  test('queues 1,000 syncs of one minute within five seconds, each once, with four workers at it', async () => {
    const { id } = await scheduled({ dueAgoMs: 1_000 });
    await ctx.db.$executeRaw`
      insert into syncs (workspace_id, model_id, destination_id, slug, configuration, referenced_columns, schedule,
        schedule_anchor, next_run_at, updated_at)
      select workspace_id, model_id, destination_id, 'many-' || n, configuration, referenced_columns, schedule,
        schedule_anchor, next_run_at, now()
      from syncs, generate_series(2, 1000) as n where id = ${id}`;
    const started = performance.now();
    await until('all runs', async () => {
      await Promise.all([1, 2, 3, 4].map(() => runDueSyncs(ctx)));
      return (await ctx.db.run.count()) === 1_000;
    });
    expect(performance.now() - started).toBeLessThan(5_000);
    await Promise.all([1, 2, 3, 4].map(() => runDueSyncs(ctx)));
    expect(await ctx.db.run.count()).toBe(1_000);
  });

  test('keeps to local time over a change of the clock', () => {
    const schedule: Schedule = {
      type: 'cron',
      schedule: { expression: '0 6 * * *', timezone: 'Europe/Zurich' },
    };
    let after = new Date('2026-10-24T00:00:00Z');
    const fired = Array.from({ length: 3 }, () => {
      after = nextTimes(schedule, { after, anchor: after, count: 1 })[0] ?? after;
      return after.toISOString();
    });
    expect(fired).toEqual([
      '2026-10-24T04:00:00.000Z',
      '2026-10-25T05:00:00.000Z',
      '2026-10-26T05:00:00.000Z',
    ]);
  });

  test('looks by itself', async () => {
    const { id } = await scheduled({ dueAgoMs: 0 });
    const scheduler = startScheduler(ctx);
    try {
      await until('the run', async () => (await runsOf(id)).length === 1);
    } finally {
      await scheduler.stop();
    }
  });
});
