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

const missedOf = (syncId: number) => ctx.db.missedSchedule.findMany({ where: { syncId } });

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

  test('keeps which times were missed while nobody was there, and which run makes up for them', async () => {
    const { id, next } = await scheduled({ dueAgoMs: 3 * hour });
    await runDueSyncs(ctx);
    const [run] = await runsOf(id);
    const [missed] = await missedOf(id);
    expect(missed).toMatchObject({ reason: 'no_worker', firstAt: next, runId: run?.id });
    expect(missed?.times).toBeGreaterThanOrEqual(180);
    expect(missed?.times).toBeLessThanOrEqual(181);
    expect(Date.now() - (missed?.lastAt.getTime() ?? 0)).toBeLessThan(61_000);
    expect(missed?.endedAt).not.toBeNull();
  });

  test('does not call a time missed that started its run a moment late', async () => {
    const { id } = await scheduled({ dueAgoMs: 5_000 });
    await runDueSyncs(ctx);
    expect(await runsOf(id)).toHaveLength(1);
    expect(await missedOf(id)).toEqual([]);
  });

  test('counts times that find a run still waiting for its turn, until one starts a run again', async () => {
    const { id } = await scheduled({ dueAgoMs: 1_000 });
    const waiting = await triggerSync(ctx, actor, { id, resync: 'none', ignoreGuards: false });
    await ctx.db.run.update({
      where: { id: waiting.id },
      data: { createdAt: new Date(Date.now() - 5 * 60_000) },
    });
    for (const agoMs of [800, 500]) {
      const nextRunAt = new Date(Date.now() - agoMs);
      await ctx.db.sync.update({ where: { id }, data: { nextRunAt } });
      await runDueSyncs(ctx);
    }
    expect(await missedOf(id)).toMatchObject([
      { reason: 'queue_behind', times: 2, runId: waiting.id, endedAt: null },
    ]);
    await ctx.db.run.updateMany({ where: { syncId: id }, data: { status: 'success' } });
    await ctx.db.sync.update({ where: { id }, data: { nextRunAt: new Date(Date.now() - 400) } });
    await runDueSyncs(ctx);
    const [missed] = await missedOf(id);
    expect(missed?.endedAt).not.toBeNull();
  });

  test('starts nothing while the schedule holds still, and one run for all missed times at its end', async () => {
    const { id } = await scheduled({ dueAgoMs: 500 });
    const until = new Date(Date.now() + 10 * 60_000);
    const pause = { kind: 'back_off', waitsFor: null, message: 'down', fix: '', code: null, runId: null };
    await ctx.db.sync.update({
      where: { id },
      data: { pause: { ...pause, since: new Date().toISOString() }, pausedUntil: until },
    });
    expect(await runDueSyncs(ctx)).toBe(1);
    expect(await runsOf(id)).toEqual([]);
    expect((await ctx.db.sync.findUniqueOrThrow({ where: { id } })).nextRunAt).toEqual(until);
    expect(await missedOf(id)).toMatchObject([{ reason: 'paused', times: 11, endedAt: null }]);

    const past = new Date(Date.now() - 200);
    await ctx.db.sync.update({ where: { id }, data: { pausedUntil: past, nextRunAt: past } });
    await runDueSyncs(ctx);
    const runs = await runsOf(id);
    expect(runs).toHaveLength(1);
    expect(await missedOf(id)).toMatchObject([{ reason: 'paused', times: 11, runId: runs[0]?.id }]);
    expect((await missedOf(id))[0]?.endedAt).not.toBeNull();
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

  test('is not served by a run about chosen rows, and fires beside several that wait', async () => {
    const { id, next } = await scheduled({ dueAgoMs: 3 * hour });
    const waiting = { workspaceId: actor.workspaceId, syncId: id, trigger: 'manual', triggeredBy: 'Ana' };
    const createdAt = new Date(next.getTime() - hour);
    const selection = { type: 'doubts', keys: null };
    await ctx.db.run.create({ data: { ...waiting, createdAt, kind: 'replay', selection } });
    expect(await runDueSyncs(ctx)).toBe(1);
    expect((await runsOf(id)).map(({ kind }) => kind)).toEqual(['replay', 'sync']);
    await ctx.db.run.updateMany({ where: { syncId: id }, data: { createdAt } });
    await ctx.db.sync.update({ where: { id }, data: { nextRunAt: next } });
    expect(await runDueSyncs(ctx)).toBe(1);
    expect(await runsOf(id)).toHaveLength(2);
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
