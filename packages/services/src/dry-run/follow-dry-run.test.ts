import type { Actor } from '@sluice/domain/actor';
import type { DryRunProgress } from '@sluice/domain/dry-run';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestMember } from '../testing/create-test-member.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { followDryRun } from './follow-dry-run.ts';
import { tellDryRun } from './tell-dry-run.ts';

const watch = '6f1c2f9e-7f55-4c3a-9a39-4b8d5f0c2a11';
let ctx: TestContext;
let acme: Actor;
let other: Actor;

beforeAll(async () => {
  ctx = await openTestContext();
  acme = (await createTestMember(ctx, 'acme')).actor;
  other = (await createTestMember(ctx, 'other')).actor;
});
afterAll(() => ctx.close());

test('whoever watches a dry run of the workspace hears how far it is, and nobody else', async () => {
  const leave = new AbortController();
  const heard: DryRunProgress[] = [];
  const overheard: DryRunProgress[] = [];
  const listen = async (actor: Actor, into: DryRunProgress[]) => {
    for await (const progress of followDryRun(ctx, actor, { watch }, leave.signal)) into.push(progress);
  };
  const listening = Promise.all([listen(acme, heard), listen(other, overheard)]);
  const tell = tellDryRun(ctx, acme.workspaceId, watch);
  tellDryRun(ctx, acme.workspaceId, undefined)({ stage: 'read', rows: 99 });
  await until('the first word', async () => {
    // The connection for notices may still be opening.
    tell({ stage: 'read', rows: 1_000 });
    return heard.length > 1;
  });
  tell({ stage: 'compare', rows: 2_000 });
  await until('the last word', async () => heard.at(-1)?.stage === 'compare');
  leave.abort();
  await listening;
  expect(heard[0]).toEqual({ stage: 'read', rows: 0 });
  expect(heard.slice(1, -1)).toContainEqual({ stage: 'read', rows: 1_000 });
  expect(heard.at(-1)).toEqual({ stage: 'compare', rows: 2_000 });
  expect(overheard).toEqual([{ stage: 'read', rows: 0 }]);
});
