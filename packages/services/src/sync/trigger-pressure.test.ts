import { afterAll, beforeAll, expect, test } from 'vitest';
import { triggerSequence } from '../sequence/trigger-sequence.ts';
import { createTestMember, type TestMember } from '../testing/create-test-member.ts';
import { createTestResources, type TestResources } from '../testing/create-test-resources.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { triggerSync } from './trigger-sync.ts';

let ctx: TestContext;
let member: TestMember;
let made: TestResources;
beforeAll(async () => {
  ctx = await openTestContext();
  member = await createTestMember(ctx, 'acme');
  made = await createTestResources(ctx, member.actor.workspaceId, 'acme');
});
afterAll(() => ctx.close());

test('300 triggers of a sync at once answer one run', { timeout: 60_000 }, async () => {
  const input = { id: made.syncId, resync: 'none', ignoreGuards: false } as const;
  const runs = await Promise.all(Array.from({ length: 300 }, () => triggerSync(ctx, member.actor, input)));
  expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
  expect(await ctx.db.run.count({ where: { syncId: made.syncId, status: 'queued' } })).toBe(1);
});

test('100 triggers of a sequence at once answer its run and the one that follows', {
  timeout: 60_000,
}, async () => {
  const input = { id: made.sequenceId };
  const runs = await Promise.all(
    Array.from({ length: 100 }, () => triggerSequence(ctx, member.actor, input)),
  );
  expect(new Set(runs.map(({ id }) => id)).size).toBeLessThanOrEqual(2);
});
