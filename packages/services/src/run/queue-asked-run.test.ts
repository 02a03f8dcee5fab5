import type { Actor } from '@sluice/domain/actor';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { triggerSync } from '../sync/trigger-sync.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { createTestSync } from '../testing/create-test-sync.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { cancelRun } from './cancel-run.ts';
import { claimRuns } from './claim-runs.ts';
import { queueAskedRun } from './queue-asked-run.ts';

let ctx: TestContext;
let actor: Actor;
let syncId: number;
beforeAll(async () => {
  ctx = await openTestContext();
  ({ actor } = await createTestMember(ctx, 'acme', 'admin'));
});
afterAll(() => ctx.close());
beforeEach(async () => {
  await ctx.db.run.deleteMany({});
  syncId = (await createTestSync(ctx, actor.workspaceId)).id;
});

const ordinary = () => triggerSync(ctx, actor, { id: syncId, resync: 'none', ignoreGuards: false });
const asked = () =>
  queueAskedRun(ctx, actor, {
    syncId,
    kind: 'replay',
    selection: { type: 'doubts', keys: null },
    resync: 'none',
    ignoreGuards: false,
    action: 'sync.doubts',
  });
const claim = () => claimRuns(ctx, { owner: 'worker', slots: 10, perWorkspaceMax: 10 });

test('waits beside an ordinary run, which does not become one with it', async () => {
  const first = await asked();
  const second = await ordinary();
  expect(second.id).not.toBe(first.id);
  expect((await ordinary()).id).toBe(second.id);
  expect(first).toMatchObject({
    kind: 'replay',
    status: 'queued',
    selection: { summary: 'All rows in doubt, sent again' },
  });
  expect(second).toMatchObject({ kind: 'sync', selection: null });
});

test('waits only once', async () => {
  const first = await asked();
  expect(await failureOf(asked())).toMatchObject({ code: 'conflict' });
  await cancelRun(ctx, actor, { id: first.id });
  expect((await asked()).id).not.toBe(first.id);
});

test('is taken in its turn: of one sync the oldest run alone', async () => {
  const first = await ordinary();
  const second = await asked();
  expect((await claim()).map(({ id }) => id)).toEqual([first.id]);
  expect(await claim()).toEqual([]);
  await ctx.db.run.update({ where: { id: first.id }, data: { status: 'success' } });
  expect((await claim()).map(({ id }) => id)).toEqual([second.id]);
});

test('is refused while all rows are about to be sent anyway, and for a disabled sync', async () => {
  await ctx.db.sync.update({ where: { id: syncId }, data: { pendingResync: 'full' } });
  expect(await failureOf(asked())).toMatchObject({ code: 'run_not_replayable' });
  await ctx.db.sync.update({ where: { id: syncId }, data: { pendingResync: 'none', disabled: true } });
  expect(await failureOf(asked())).toMatchObject({ code: 'sync_disabled' });
});
