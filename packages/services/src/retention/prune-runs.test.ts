import type { Actor } from '@sluice/domain/actor';
import { Retention } from '@sluice/domain/retention';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestMember } from '../testing/create-test-member.ts';
import { createTestSync } from '../testing/create-test-sync.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { updateWorkspace } from '../workspace/update-workspace.ts';
import { sweep } from './sweep.ts';

let ctx: TestContext;
let actor: Actor;
let syncId: number;
const signal = new AbortController().signal;
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

beforeAll(async () => {
  ctx = await openTestContext();
  ({ actor } = await createTestMember(ctx, 'acme', 'admin'));
});
afterAll(() => ctx.close());
beforeEach(async () => {
  await ctx.db.sync.deleteMany({});
  await ctx.db.sequence.deleteMany({});
  syncId = (await createTestSync(ctx, actor.workspaceId)).id;
});

async function run(days: number): Promise<number> {
  const { workspaceId } = actor;
  const base = { workspaceId, syncId, trigger: 'manual', triggeredBy: 'Ana' };
  const { id } = await ctx.db.run.create({ data: { ...base, status: 'success', finishedAt: daysAgo(days) } });
  await ctx.db.runBatch.create({
    data: { runId: id, workspaceId, seqFrom: 1, seqTo: 2, class: 'added', state: 'settled', epoch: 1 },
  });
  await ctx.db.runEvent.create({
    data: { runId: id, workspaceId, level: 'info', stage: 'plan', message: 'planned' },
  });
  return id;
}

const left = async (runId: number) => {
  const found = await ctx.db.run.findUnique({ where: { id: runId } });
  return {
    run: found !== null,
    plan: found !== null && found.prunedAt === null,
    results: (await ctx.db.runBatch.count({ where: { runId } })) > 0,
    log: (await ctx.db.runEvent.count({ where: { runId } })) > 0,
  };
};

test('keeps each part of a run for its own time, and the newest run of a sync for ever', async () => {
  const retention = { planDays: 5, resultDays: 10, ledgerDays: 30, logDays: 20, runDays: 40 };
  await updateWorkspace(ctx, actor, { retention });
  const ids: number[] = [];
  for (const days of [50, 30, 15, 7, 3, 60]) ids.push(await run(days));
  await sweep(ctx, signal);
  expect(await Promise.all(ids.map(left))).toEqual([
    { run: false, plan: false, results: false, log: false },
    { run: true, plan: false, results: false, log: false },
    { run: true, plan: false, results: false, log: true },
    { run: true, plan: false, results: true, log: true },
    { run: true, plan: true, results: true, log: true },
    // The newest.
    { run: true, plan: false, results: false, log: false },
  ]);
});

test('removes a plan with the results of its rows, without which it says nothing', async () => {
  const retention = { planDays: 30, resultDays: 5, ledgerDays: 30, logDays: 30, runDays: 365 };
  await updateWorkspace(ctx, actor, { retention });
  const id = await run(7);
  await sweep(ctx, signal);
  expect(await left(id)).toEqual({ run: true, plan: false, results: false, log: true });
});

test('removes old sequence runs and missed schedules; the newest run of a sequence stays', async () => {
  const { workspaceId } = actor;
  const retention = { planDays: 5, resultDays: 5, ledgerDays: 5, logDays: 20, runDays: 40 };
  await updateWorkspace(ctx, actor, { retention });
  const sequence = await ctx.db.sequence.create({ data: { workspaceId, name: 'Nightly', slug: 'nightly' } });
  const numbers: number[] = [];
  for (const days of [60, 41, 39, 100]) {
    const { number } = await ctx.db.sequenceRun.create({
      data: {
        workspaceId,
        sequenceId: sequence.id,
        status: 'done',
        trigger: 'manual',
        triggeredBy: 'Ana',
        finishedAt: daysAgo(days),
      },
    });
    numbers.push(number);
  }
  for (const days of [21, 19]) {
    const at = daysAgo(days);
    await ctx.db.missedSchedule.create({
      data: { workspaceId, syncId, reason: 'no_worker', firstAt: at, lastAt: at, times: 1, endedAt: at },
    });
  }
  await sweep(ctx, signal);
  const runs = await ctx.db.sequenceRun.findMany({ orderBy: { number: 'asc' } });
  expect(runs.map(({ number }) => number)).toEqual(numbers.slice(2));
  expect(await ctx.db.missedSchedule.count()).toBe(1);
});

test('does not promise parts of runs for longer than the runs', () => {
  const result = Retention.safeParse({
    planDays: 50,
    resultDays: 5,
    ledgerDays: 50,
    logDays: 5,
    runDays: 40,
  });
  expect(result.error?.issues.map(({ path }) => path.join('.'))).toEqual(['planDays']);
});
