import { toJson } from '@sluice/db/json';
import type { Actor } from '@sluice/domain/actor';
import { noRunCounts } from '@sluice/domain/change';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestMember } from '../testing/create-test-member.ts';
import { createTestSync } from '../testing/create-test-sync.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { listAttention } from './list-attention.ts';

let ctx: TestContext;
let actor: Actor;
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

beforeAll(async () => {
  ctx = await openTestContext();
  ({ actor } = await createTestMember(ctx, 'acme'));
});
afterAll(() => ctx.close());

async function syncWith(data: object, run?: { status: string; counts?: object; error?: object }) {
  const { workspaceId } = actor;
  const { id } = await createTestSync(ctx, workspaceId);
  await ctx.db.sync.update({ where: { id }, data });
  if (run) {
    const base = { workspaceId, syncId: id, trigger: 'manual', triggeredBy: 'Ana', finishedAt: ago(1) };
    await ctx.db.run.create({ data: { ...base, ...run } });
  }
  return id;
}
const pause = (until: Date | null) => ({
  pause: toJson({
    kind: until ? 'back_off' : 'waits',
    waitsFor: until ? null : 'source',
    message: 'The password was refused.',
    fix: 'Replace it.',
    code: 'source_auth',
    runId: null,
    since: ago(30).toISOString(),
  }),
  pausedUntil: until,
});

test('names each sync that has stopped, is late, missed a time or left rows behind, and why', async () => {
  const counts = {
    ...noRunCounts(),
    rejected: { added: 2, changed: 0, removed: 0 },
    uncertain: { added: 0, changed: 1, removed: 0 },
    held: { added: 0, changed: 0, removed: 4 },
  };
  const pending = await syncWith({}, { status: 'warning', counts });
  const paused = await syncWith(pause(null), { status: 'failed', error: { message: 'refused' } });
  const triedAgain = await syncWith(pause(ago(1)), { status: 'failed', error: { message: 'refused' } });
  const late = await syncWith({ nextRunAt: ago(10) });
  const missed = await syncWith({ nextRunAt: ago(-10) }, { status: 'success' });
  await ctx.db.missedSchedule.create({
    data: {
      workspaceId: actor.workspaceId,
      syncId: missed,
      reason: 'no_worker',
      firstAt: ago(90),
      lastAt: ago(60),
      times: 1_200,
      endedAt: ago(59),
    },
  });
  await syncWith({ nextRunAt: ago(-10) }, { status: 'success' });
  await syncWith({ ...pause(null), disabled: true }, { status: 'failed' });

  const items = await listAttention(ctx, actor.workspaceId);
  expect(items.map(({ syncId, kind, message }) => ({ syncId, kind, message }))).toEqual([
    { syncId: late, kind: 'overdue', message: expect.stringContaining('no worker') },
    { syncId: paused, kind: 'paused', message: 'The password was refused.' },
    { syncId: triedAgain, kind: 'run', message: 'refused' },
    {
      syncId: pending,
      kind: 'run',
      message: 'Rows are pending: 2 rejected, 1 in doubt, 4 held for a decision.',
    },
    {
      syncId: missed,
      kind: 'missed',
      message: '1,200 scheduled times were missed: no worker was running.',
    },
  ]);
});
