import type { Actor } from '@sluice/domain/actor';
import { noRunCounts } from '@sluice/domain/change';
import type { PlannedChange } from '@sluice/engine/plan/planned-change';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { triggerSync } from '../sync/trigger-sync.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { createTestSync } from '../testing/create-test-sync.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { claimRuns } from './claim-runs.ts';
import { freezeSpecification } from './freeze-specification.ts';
import { loadPlan } from './load-plan.ts';
import { rowOutcomes } from './row-outcomes.ts';
import { createRunStore } from './run-store.ts';

let ctx: TestContext;
let actor: Actor;
beforeAll(async () => {
  ctx = await openTestContext();
  ({ actor } = await createTestMember(ctx, 'acme', 'admin'));
});
afterAll(() => ctx.close());

const change = (seq: number, sent = true): PlannedChange => ({
  seq,
  class: 'added',
  key: `key ${seq}`,
  sent,
  row: {},
  ledgerValues: null,
});

/** A run of which 1 was delivered, 2 rejected, 3 and 4 announced, 5 never reached and 6 not to be sent. */
async function outcomesOf(errorCode: string | null) {
  const sync = await createTestSync(ctx, actor.workspaceId);
  await triggerSync(ctx, actor, { id: sync.id, resync: 'none', ignoreGuards: false });
  const [claim] = await claimRuns(ctx, { owner: 'one', slots: 1, perWorkspaceMax: 9 });
  if (!claim) throw new Error('nothing to claim');
  const { status, plan } = await freezeSpecification(ctx, claim);
  const store = createRunStore(
    ctx,
    { ...claim, status, plan },
    { append: () => null, flush: async () => {} },
  );
  await store.planned({
    blobKey: 'plans/x',
    columns: [],
    size: 6,
    counts: noRunCounts(),
    keyExamples: [],
  });
  const [sent, announced] = [
    { seqFrom: 1, seqTo: 2, class: 'added' as const },
    { seqFrom: 3, seqTo: 4, class: 'added' as const },
  ];
  await store.intend([sent, announced]);
  const rejected = { seq: 2, key: 'key 2', class: 'added' as const, outcome: 'rejected' as const };
  await store.settle([
    { ...sent, delivered: 1, exceptions: [{ ...rejected, code: '422', message: 'no' }], exchanges: [] },
  ]);
  const error = errorCode === null ? null : { code: errorCode, message: 'stopped', fix: 'look' };
  await store.end({ status: error ? 'failed' : 'cancelled', counts: noRunCounts(), ledger: null, error });
  const changes = [1, 2, 3, 4, 5].map((seq) => change(seq)).concat(change(6, false));
  const rows = await rowOutcomes(ctx, await loadPlan(ctx, actor, claim.id), changes);
  return rows.map(({ outcome }) => outcome);
}

test('rows of a batch that was only announced were not attempted, and rows the plan does not send are skipped', async () => {
  const expected = ['delivered', 'rejected', 'not_attempted', 'not_attempted', 'not_attempted', 'skipped'];
  expect(await outcomesOf(null)).toEqual(expected);
  expect(await outcomesOf('destination_failed')).toEqual(expected);
});

test('where a run was ended without the engine, announced rows may have arrived', async () => {
  const expected = ['delivered', 'rejected', 'uncertain', 'uncertain', 'not_attempted', 'skipped'];
  expect(await outcomesOf('run_crash_loop')).toEqual(expected);
});
