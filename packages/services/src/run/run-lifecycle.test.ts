import type { Actor } from '@sluice/domain/actor';
import { noRunCounts } from '@sluice/domain/change';
import { LeaseLost } from '@sluice/engine/ports';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { triggerSync } from '../sync/trigger-sync.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { createTestSync } from '../testing/create-test-sync.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { cancelRun } from './cancel-run.ts';
import { type ClaimedRun, claimRuns } from './claim-runs.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { freezeSpecification } from './freeze-specification.ts';
import { getRun } from './get-run.ts';
import { listRuns } from './list-runs.ts';
import { postponeLease, releaseLease, renewLeases } from './renew-leases.ts';
import { createRunStore } from './run-store.ts';

let ctx: TestContext;
let actor: Actor;
let viewer: Actor;
let stranger: Actor;

beforeAll(async () => {
  ctx = await openTestContext({ LEASE_MS: '1000', REQUEST_TIMEOUT_MS: '1000' });
  ({ actor } = await createTestMember(ctx, 'acme', 'editor'));
  ({ actor: viewer } = await createTestMember(ctx, 'acme', 'viewer'));
  ({ actor: stranger } = await createTestMember(ctx, 'other', 'admin'));
});
afterAll(() => ctx.close());
beforeEach(async () => {
  await ctx.db.run.deleteMany({});
});

const trigger = (
  id: number,
  input: Partial<{ resync: 'none' | 'full' | 'reset'; ignoreGuards: boolean }> = {},
) => triggerSync(ctx, actor, { id, resync: 'none', ignoreGuards: false, ...input });

const claim = (owner = 'one', slots = 10, perWorkspaceMax = 10) =>
  claimRuns(ctx, { owner, slots, perWorkspaceMax });

async function claimOne(owner = 'one'): Promise<ClaimedRun> {
  const [run] = await claim(owner, 1);
  if (!run) throw new Error('nothing to claim');
  return run;
}

const noExchanges: ExchangeLog = { append: () => null, flush: async () => {} };

async function storeOf(run: ClaimedRun) {
  const { status, plan } = await freezeSpecification(ctx, run);
  return createRunStore(ctx, { ...run, status, plan }, noExchanges);
}

/** Moves a lease into the past by the database's clock. */
const expire = (runId: number, ms: number) =>
  ctx.db
    .$executeRaw`update runs set lease_until = now() - ${ms}::float8 * interval '1 millisecond' where id = ${runId}`;

const ended = { status: 'success' as const, counts: noRunCounts(), ledger: null, error: null };

describe('trigger', () => {
  test('queues a run whose view is complete at once, and turns the sync', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    const run = await trigger(sync.id);
    expect(run).toMatchObject({
      syncId: sync.id,
      status: 'queued',
      trigger: 'manual',
      triggeredBy: 'editor of acme',
      counts: noRunCounts(),
      startedAt: null,
      finishedAt: null,
      error: null,
    });
    const stored = await ctx.db.sync.findUniqueOrThrow({ where: { id: sync.id } });
    expect(stored.status).toBe('queued');
    expect(stored.lastRunAt).not.toBeNull();
  });

  test('during a run answers the one follow-up, whatever the number of triggers at once', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    const first = await trigger(sync.id);
    await claimOne();
    const answers = await Promise.all(Array.from({ length: 8 }, () => trigger(sync.id)));
    const ids = new Set(answers.map(({ id }) => id));
    expect(ids.size).toBe(1);
    expect(ids.has(first.id)).toBe(false);
    expect(await claim('two')).toEqual([]);
    const stored = await ctx.db.run.findMany({ where: { syncId: sync.id }, orderBy: { id: 'asc' } });
    expect(stored.map(({ status }) => status)).toEqual(['querying', 'queued']);
  });

  test('makes the waiting run do what the later trigger asked for', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    const run = await trigger(sync.id);
    expect((await trigger(sync.id, { resync: 'full', ignoreGuards: true })).id).toBe(run.id);
    expect((await trigger(sync.id)).resync).toBe('full');
    const stored = await ctx.db.run.findUniqueOrThrow({ where: { id: run.id } });
    expect(stored).toMatchObject({ resync: 'full', ignoreGuards: true });
  });

  test('refuses a disabled sync, a viewer, and a stranger', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    const input = { id: sync.id, resync: 'none' as const, ignoreGuards: false };
    expect((await failureOf(triggerSync(ctx, viewer, input))).code).toBe('forbidden');
    expect((await failureOf(triggerSync(ctx, stranger, input))).code).toBe('not_found');
    await ctx.db.sync.update({ where: { id: sync.id }, data: { disabled: true } });
    expect((await failureOf(trigger(sync.id))).code).toBe('sync_disabled');
    expect(await ctx.db.run.count({ where: { syncId: sync.id } })).toBe(0);
  });

  test('of a token that is limited to other syncs finds nothing', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    const other = await createTestSync(ctx, actor.workspaceId);
    const token: Actor = {
      ...actor,
      identity: { kind: 'token', tokenId: 1, name: 'orchestrator', syncIds: [other.id] },
    };
    const run = await trigger(sync.id);
    expect(
      (await failureOf(triggerSync(ctx, token, { id: sync.id, resync: 'none', ignoreGuards: false }))).code,
    ).toBe('not_found');
    expect((await failureOf(getRun(ctx, token, { id: run.id }))).code).toBe('not_found');
    expect((await listRuns(ctx, token, { limit: 50 })).items).toEqual([]);
    const own = await triggerSync(ctx, token, { id: other.id, resync: 'none', ignoreGuards: false });
    expect(own).toMatchObject({ trigger: 'api', triggeredBy: 'orchestrator' });
  });
});

describe('claim', () => {
  test('gives each run to one worker only', async () => {
    for (let index = 0; index < 6; index += 1)
      await trigger((await createTestSync(ctx, actor.workspaceId)).id);
    const taken = await Promise.all(['one', 'two', 'three'].map((owner) => claim(owner)));
    const ids = taken.flat().map(({ id }) => id);
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(6);
  });

  test('takes workspaces in turns, and no more of one than its limit', async () => {
    for (let index = 0; index < 5; index += 1)
      await trigger((await createTestSync(ctx, actor.workspaceId)).id);
    const late = await createTestSync(ctx, stranger.workspaceId);
    await triggerSync(ctx, stranger, { id: late.id, resync: 'none', ignoreGuards: false });
    const taken = await claim('one', 2);
    expect(taken.map(({ workspaceId }) => workspaceId)).toEqual(
      expect.arrayContaining([actor.workspaceId, stranger.workspaceId]),
    );
    expect(await claim('one', 10, 2)).toHaveLength(1);
    expect(await claim('one', 10, 2)).toHaveLength(0);
  });

  test('takes over a run only when its lease ended longer ago than a request can take', async () => {
    await trigger((await createTestSync(ctx, actor.workspaceId)).id);
    const first = await claimOne('one');
    expect(await claim('two')).toEqual([]);
    await expire(first.id, 900);
    expect(await claim('two')).toEqual([]);
    await expire(first.id, 1_100);
    const second = await claimOne('two');
    expect(second).toMatchObject({ id: first.id, epoch: first.epoch + 1, claims: 2 });
  });

  test('takes a run that was handed over at once, and one that failed by us after a pause', async () => {
    await trigger((await createTestSync(ctx, actor.workspaceId)).id);
    const first = await claimOne('one');
    await releaseLease(ctx, first, { unanswered: false });
    const before = await claimOne('two');
    expect(before.claims).toBe(1);
    await releaseLease(ctx, before, { unanswered: true });
    expect(await claim('two')).toEqual([]);
    await expire(before.id, 1_100);
    const second = await claimOne('two');
    await postponeLease(ctx, second);
    expect(await claim('three')).toEqual([]);
    await expire(second.id, 1_100);
    expect((await claimOne('three')).claims).toBe(2);
  });
});

describe('lease', () => {
  test('fences every write of the owner before', async () => {
    await trigger((await createTestSync(ctx, actor.workspaceId)).id);
    const old = await claimOne('one');
    const store = await storeOf(old);
    await store.enter('extract');
    await expire(old.id, 60_000);
    const next = await claimOne('two');
    const batch = { seqFrom: 1, seqTo: 10, class: 'added' as const };
    const plan = { blobKey: 'plans/x', columns: [], size: 10, counts: noRunCounts(), keyExamples: [] };
    for (const write of [
      () => store.planned(plan),
      () => store.intend([batch]),
      () => store.remember(batch, 'job 7'),
      () => store.settle([{ ...batch, delivered: 10, exceptions: [], exchanges: [] }]),
      () => store.end(ended),
    ]) {
      await expect(write()).rejects.toBeInstanceOf(LeaseLost);
    }
    expect(await ctx.db.runBatch.count({ where: { runId: old.id } })).toBe(0);
    // What is only shown is given up in silence.
    await store.enter('commit');
    store.event('info', 'commit', 'Too late.');
    await store.close();
    expect(await ctx.db.run.findUniqueOrThrow({ where: { id: old.id } })).toMatchObject({
      status: 'querying',
    });
    expect(await ctx.db.runEvent.count({ where: { runId: old.id, message: 'Too late.' } })).toBe(0);
    expect(await renewLeases(ctx, [old])).toEqual([]);
    expect(await renewLeases(ctx, [next])).toEqual([
      { id: next.id, epoch: next.epoch, cancelRequested: false },
    ]);
    await expect(freezeSpecification(ctx, old)).rejects.toBeInstanceOf(LeaseLost);
  });

  test('gives the next owner what the destination kept with a batch, until the batch has its results', async () => {
    await trigger((await createTestSync(ctx, actor.workspaceId)).id);
    const old = await claimOne('one');
    const batch = { seqFrom: 1, seqTo: 10, class: 'added' as const };
    const store = await storeOf(old);
    await store.intend([batch]);
    await store.remember(batch, '{"a":"job 7"}');
    await expire(old.id, 60_000);
    const next = await storeOf(await claimOne('two'));
    const kept = { ...batch, state: 'intended', memory: '{"a":"job 7"}' };
    await expect(Array.fromAsync(next.batches())).resolves.toEqual([kept]);
    // Announced once more by the worker that goes on.
    await next.intend([batch]);
    await expect(Array.fromAsync(next.batches())).resolves.toEqual([kept]);
    await next.settle([{ ...batch, delivered: 10, exceptions: [], exchanges: [] }]);
    await expect(Array.fromAsync(next.batches())).resolves.toEqual([{ ...batch, state: 'settled' }]);
  });

  test('freezes what the first owner saw', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    await trigger(sync.id);
    const first = await freezeSpecification(ctx, await claimOne());
    await ctx.db.model.update({ where: { id: sync.modelId }, data: { primaryKey: 'other' } });
    const [run] = await ctx.db.run.findMany({ where: { syncId: sync.id } });
    await expire(run?.id ?? 0, 60_000);
    const second = await freezeSpecification(ctx, await claimOne('two'));
    expect(second.specification).toEqual(first.specification);
    expect(second.specification.model.primaryKey).toBe('id');
  });
});

describe('end', () => {
  test('closes the run and moves ledger, sync and model in one step, once', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    await ctx.db.sync.update({ where: { id: sync.id }, data: { pendingResync: 'full' } });
    await trigger(sync.id);
    const run = await claimOne();
    const store = await storeOf(run);
    await store.enter('extract');
    await store.enter('plan');
    const counts = { ...noRunCounts(), queried: 12, planned: { added: 2, changed: 0, removed: 0 } };
    await store.planned({ blobKey: 'plans/x', columns: [], size: 2, counts, keyExamples: [] });
    await store.enter('deliver');
    store.progress(counts, 0.5, 'Sent 1 of 2 rows');
    store.event('info', 'deliver', 'On the way.');
    await store.intend([{ seqFrom: 1, seqTo: 2, class: 'added' }]);
    const rejected = {
      seq: 2,
      key: 'b\u0000',
      class: 'added' as const,
      outcome: 'rejected' as const,
      code: 'http_422',
      message: 'no',
    };
    await store.settle([
      { seqFrom: 1, seqTo: 2, class: 'added', delivered: 1, exceptions: [rejected], exchanges: [] },
    ]);
    await store.enter('commit');
    const final = {
      status: 'warning' as const,
      counts,
      ledger: { blobKey: 'ledgers/y', rows: 1, doubts: 0 },
      error: null,
    };
    await store.end(final);
    // A commit whose answer was lost is asked for again.
    await store.end(final);

    expect(await ctx.db.sync.findUniqueOrThrow({ where: { id: sync.id } })).toMatchObject({
      status: 'warning',
      ledgerKey: 'ledgers/y',
      ledgerRows: 1,
      pendingResync: 'none',
    });
    expect((await ctx.db.model.findUniqueOrThrow({ where: { id: sync.modelId } })).lastRunSize).toBe(12);
    const view = await getRun(ctx, actor, { id: run.id });
    expect(view).toMatchObject({
      status: 'warning',
      resync: 'full',
      completionRatio: 1,
      progress: null,
      counts,
    });
    expect(view.stages.map(({ stage, finishedAt }) => [stage, finishedAt !== null])).toEqual([
      ['queued', true],
      ['extract', true],
      ['plan', true],
      ['deliver', true],
      ['commit', true],
    ]);
    expect(
      (await ctx.db.runEvent.findMany({ where: { runId: run.id } })).map(({ message }) => message),
    ).toEqual(['On the way.']);
    expect(await claim('two')).toEqual([]);
  });

  test('keeps a resync pending that the run did not get to', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    await ctx.db.sync.update({ where: { id: sync.id }, data: { pendingResync: 'full' } });
    await trigger(sync.id);
    const store = await storeOf(await claimOne());
    const error = { code: 'source_auth', message: 'no', fix: 'yes' };
    await store.end({ status: 'failed', counts: noRunCounts(), ledger: null, error });
    expect((await ctx.db.sync.findUniqueOrThrow({ where: { id: sync.id } })).pendingResync).toBe('full');
  });

  test('shows the follow-up as the state of the sync, not the end before it', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    await trigger(sync.id);
    const store = await storeOf(await claimOne());
    await trigger(sync.id);
    await store.end(ended);
    expect((await ctx.db.sync.findUniqueOrThrow({ where: { id: sync.id } })).status).toBe('queued');
  });
});

describe('cancel', () => {
  test('ends a queued run at once', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    const run = await trigger(sync.id);
    expect(await cancelRun(ctx, actor, { id: run.id })).toMatchObject({ status: 'cancelled' });
    expect(await claim()).toEqual([]);
    expect((await ctx.db.sync.findUniqueOrThrow({ where: { id: sync.id } })).status).toBe('cancelled');
    expect((await failureOf(cancelRun(ctx, actor, { id: run.id }))).code).toBe('run_not_active');
  });

  test('of a follow-up leaves the running one as the state of the sync', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    await trigger(sync.id);
    const active = await claimOne();
    const store = await storeOf(active);
    await store.enter('extract');
    const followUp = await trigger(sync.id);
    await cancelRun(ctx, actor, { id: followUp.id });
    expect((await ctx.db.sync.findUniqueOrThrow({ where: { id: sync.id } })).status).toBe('querying');
    await store.end(ended);
    expect((await ctx.db.sync.findUniqueOrThrow({ where: { id: sync.id } })).status).toBe('success');
  });

  test('of a running one reaches its owner, and may be asked for twice', async () => {
    const sync = await createTestSync(ctx, actor.workspaceId);
    const run = await trigger(sync.id);
    const held = await claimOne();
    await cancelRun(ctx, actor, { id: run.id });
    expect((await cancelRun(ctx, actor, { id: run.id })).cancelRequestedAt).not.toBeNull();
    expect(await renewLeases(ctx, [held])).toMatchObject([{ cancelRequested: true }]);
    expect((await failureOf(cancelRun(ctx, stranger, { id: run.id }))).code).toBe('not_found');
    expect((await failureOf(cancelRun(ctx, viewer, { id: run.id }))).code).toBe('forbidden');
  });
});
