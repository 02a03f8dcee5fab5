import type { Actor } from '@sluice/domain/actor';
import { noRunCounts } from '@sluice/domain/change';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { triggerSync } from '../sync/trigger-sync.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { createTestSync } from '../testing/create-test-sync.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { claimRuns } from './claim-runs.ts';
import { getRun } from './get-run.ts';
import { createProgressWriter } from './progress-writer.ts';

let ctx: TestContext;
let actor: Actor;

beforeAll(async () => {
  ctx = await openTestContext();
  ({ actor } = await createTestMember(ctx, 'acme', 'editor'));
});
afterAll(() => ctx.close());

const sent = (rows: number) => ({
  ...noRunCounts(),
  queried: 1_000,
  planned: { added: 1_000, changed: 0, removed: 0 },
  delivered: { added: rows, changed: 0, removed: 0 },
});

test('shows rows, pace and time left while a run goes on, and goes on showing when it stands still', async () => {
  const sync = await createTestSync(ctx, actor.workspaceId);
  await triggerSync(ctx, actor, { id: sync.id, resync: 'none', ignoreGuards: false });
  const [claim] = await claimRuns(ctx, { owner: 'one', slots: 1, perWorkspaceMax: 1 });
  if (!claim) throw new Error('nothing to claim');
  const writer = createProgressWriter(ctx, claim);
  const view = () => getRun(ctx, actor, { id: claim.id });
  const started = performance.now();
  const rows = () => Math.min(900, Math.floor((performance.now() - started) / 10));
  const moving = await until('a pace', async () => {
    writer.show(sent(rows()), rows() / 1_000, `Sent ${rows()} of 1,000 rows`);
    const run = await view();
    return run.pace ? run : null;
  });
  expect(moving.counts.delivered.added).toBeGreaterThan(100);
  expect(moving.pace?.rowsPerSecond).toBeGreaterThan(50);
  expect(moving.pace?.rowsPerSecond).toBeLessThan(150);
  expect(moving.pace?.leftMs).toBeGreaterThan(3_000);

  // No news from here on: each second the pace is less.
  const slower = await until('a lower pace', async () => {
    const { pace } = await view();
    return pace && pace.rowsPerSecond < 0.8 * (moving.pace?.rowsPerSecond ?? 0) ? pace : null;
  });
  expect(slower.leftMs).toBeGreaterThan(moving.pace?.leftMs ?? 0);

  writer.enter('commit');
  const committing = await until('the next stage', async () => {
    const run = await view();
    return run.progress === 'Recording what was delivered' ? run : null;
  });
  expect(committing.pace).toBeNull();
  expect(committing.counts.delivered.added).toBeGreaterThan(100);
  await writer.stop();
});
