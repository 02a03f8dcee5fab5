import { Prisma } from '@sluice/db/generated/client';
import type { Actor } from '@sluice/domain/actor';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runDueSequences } from '../scheduler/run-due-sequences.ts';
import { startScheduler } from '../scheduler/start-scheduler.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { createTestSync } from '../testing/create-test-sync.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { createSequence } from './create-sequence.ts';
import { getSequence } from './get-sequence.ts';
import { listSequenceRuns } from './list-sequence-runs.ts';
import { triggerSequence } from './trigger-sequence.ts';
import { updateSequence } from './update-sequence.ts';

let ctx: TestContext;
let actor: Actor;
beforeAll(async () => {
  ctx = await openTestContext();
  ({ actor } = await createTestMember(ctx, 'acme'));
});
afterAll(() => ctx.close());
beforeEach(async () => {
  await ctx.db.sequence.deleteMany({});
  await ctx.db.run.deleteMany({});
});

const schedule = { type: 'interval', schedule: { interval: { unit: 'minute', quantity: 1 } } } as const;

/** The id of a sequence of one fresh sync that runs every minute. */
async function everyMinute(): Promise<string> {
  const { id: syncId } = await createTestSync(ctx, actor.workspaceId);
  const steps = [{ syncId, policy: { type: 'stop_on_fatal' } as const }];
  const { id } = await createSequence(ctx, actor, { name: 'Nightly', steps, schedule, disabled: false });
  return id;
}

test('a schedule makes one run of the times that were missed', async () => {
  const id = await everyMinute();
  expect((await getSequence(ctx, actor, { id })).nextRunAt?.getTime()).toBeGreaterThan(Date.now());
  const missed = new Date(Date.now() - 3_600_000);
  await ctx.db.sequence.update({ where: { id }, data: { nextRunAt: missed, scheduleAnchor: missed } });
  const scheduler = startScheduler(ctx);
  try {
    await until(
      'the scheduled run',
      async () => (await getSequence(ctx, actor, { id })).lastRun?.steps[0]?.runId,
    );
  } finally {
    await scheduler.stop();
  }
  expect((await getSequence(ctx, actor, { id })).lastRun).toMatchObject({
    status: 'running',
    trigger: 'schedule',
  });
  expect(await runDueSequences(ctx)).toBe(0);
  expect(await ctx.db.sequenceRun.count()).toBe(1);
});

test('keeps with its run which times were missed: without a worker, and behind a run that waits', async () => {
  const id = await everyMinute();
  const since = new Date(Date.now() - 10 * 60_000);
  const due = (nextRunAt: Date) =>
    ctx.db.sequence.update({ where: { id }, data: { nextRunAt, scheduleAnchor: since } });
  const newest = async () =>
    (await listSequenceRuns(ctx, actor, { sequenceId: id, limit: 1, cursor: null })).items[0];
  await due(since);
  expect(await runDueSequences(ctx)).toBe(1);
  const made = await newest();
  expect(made?.missed).toMatchObject({ reason: 'no_worker', firstAt: since, times: 11 });
  expect(Date.now() - Number(made?.missed?.lastAt)).toBeLessThan(61_000);

  await ctx.db.sequenceRun.update({
    where: { id: made?.id ?? '' },
    data: { status: 'pending', createdAt: since, missed: Prisma.DbNull },
  });
  for (const agoMs of [3_000, 2_000]) {
    await due(new Date(Date.now() - agoMs));
    expect(await runDueSequences(ctx)).toBe(1);
  }
  expect(await newest()).toMatchObject({ id: made?.id, missed: { reason: 'queue_behind', times: 2 } });
  expect(await ctx.db.sequenceRun.count({ where: { sequenceId: id } })).toBe(1);
});

test('a time that starts its run a moment late is not missed', async () => {
  const id = await everyMinute();
  await ctx.db.sequence.update({ where: { id }, data: { nextRunAt: new Date(Date.now() - 5_000) } });
  expect(await runDueSequences(ctx)).toBe(1);
  const { items } = await listSequenceRuns(ctx, actor, { sequenceId: id, limit: 1, cursor: null });
  expect(items[0]?.missed).toBeNull();
});

test('a disabled sequence does not run by its schedule, but by hand; enabled, it goes on in the future', async () => {
  const id = await everyMinute();
  const missed = new Date(Date.now() - 3_600_000);
  await ctx.db.sequence.update({ where: { id }, data: { nextRunAt: missed } });
  expect(await updateSequence(ctx, actor, { id, disabled: true })).toMatchObject({
    disabled: true,
    nextRunAt: null,
    schedule,
  });
  expect(await runDueSequences(ctx)).toBe(0);
  expect((await triggerSequence(ctx, actor, { id })).status).toBe('running');
  const { nextRunAt } = await updateSequence(ctx, actor, { id, disabled: false });
  expect(nextRunAt?.getTime()).toBeGreaterThan(Date.now());
  // Nothing but the name: the next time stays as it is.
  expect((await updateSequence(ctx, actor, { id, name: 'Weekly' })).nextRunAt).toEqual(nextRunAt);
});
