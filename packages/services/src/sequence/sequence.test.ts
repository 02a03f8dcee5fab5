import { toJson } from '@sluice/db/json';
import type { Actor } from '@sluice/domain/actor';
import { noRunCounts } from '@sluice/domain/change';
import { permissionsOfScope } from '@sluice/domain/permission';
import type { RunStatus } from '@sluice/domain/run-status';
import type { SequenceRunView, StepPolicy } from '@sluice/domain/sequence';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cancelRun } from '../run/cancel-run.ts';
import { removeSync } from '../sync/remove-sync.ts';
import { triggerSync } from '../sync/trigger-sync.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { createTestSync } from '../testing/create-test-sync.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { createToken } from '../token/create-token.ts';
import { advanceSequences } from './advance-sequences.ts';
import { cancelSequenceRun } from './cancel-sequence-run.ts';
import { createSequence } from './create-sequence.ts';
import { getSequence } from './get-sequence.ts';
import { getSequenceRun } from './get-sequence-run.ts';
import { listSequenceRuns } from './list-sequence-runs.ts';
import { listSequences } from './list-sequences.ts';
import { pruneSequenceRuns } from './prune-sequence-runs.ts';
import { removeSequence } from './remove-sequence.ts';
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

const strict: StepPolicy = { type: 'stop_on_fatal_or_rejections', rejectedShareMax: 0.1 };
const fatalOnly: StepPolicy = { type: 'stop_on_fatal' };
const anyway: StepPolicy = { type: 'continue' };

/** A sequence of fresh syncs, one for each policy. */
async function sequenceOf(...policies: StepPolicy[]) {
  const syncs: number[] = [];
  for (const _ of policies) syncs.push((await createTestSync(ctx, actor.workspaceId)).id);
  const steps = policies.map((policy, index) => ({ syncId: syncs[index] ?? 0, policy }));
  const sequence = await createSequence(ctx, actor, {
    name: 'Nightly',
    steps,
    schedule: null,
    disabled: false,
  });
  return { id: sequence.id, syncs };
}

const look = (id: string): Promise<SequenceRunView> => getSequenceRun(ctx, actor, { id });
const runIds = (run: SequenceRunView) => run.steps.map(({ runId }) => runId);

/** Ends the run of a step as a worker would, and lets the sequence get on. */
async function endStep(
  id: string,
  position: number,
  status: RunStatus,
  rows: { planned: number; rejected: number } = { planned: 10, rejected: 0 },
): Promise<SequenceRunView> {
  const runId = (await look(id)).steps[position]?.runId;
  const counts = noRunCounts();
  counts.planned.added = rows.planned;
  counts.rejected.added = rows.rejected;
  counts.delivered.added = rows.planned - rows.rejected;
  const error = { code: 'source_unreachable', message: 'The source did not answer.', fix: 'Start it.' };
  await ctx.db.run.update({
    where: { id: runId ?? 0 },
    data: {
      status,
      counts: toJson(counts),
      finishedAt: new Date(),
      ...(status === 'failed' && { error: toJson(error) }),
    },
  });
  await advanceSequences(ctx);
  return look(id);
}

describe('policies', () => {
  test.each([
    { policy: fatalOnly, status: 'running', second: true },
    { policy: anyway, status: 'running', second: true },
    { policy: strict, status: 'failed', second: false },
    { policy: { ...strict, rejectedShareMax: 0.3 }, status: 'running', second: true },
  ] as const)('with 3 of 10 rows rejected in step 1, $policy leaves it $status', async (row) => {
    const { id } = await sequenceOf(row.policy, fatalOnly);
    const run = await triggerSequence(ctx, actor, { id });
    const after = await endStep(run.id, 0, 'warning', { planned: 10, rejected: 3 });
    expect(after.status).toBe(row.status);
    expect(after.steps[1]?.runId !== null).toBe(row.second);
    if (row.status === 'failed') {
      expect(after.error?.message).toMatch(
        /^Step 1 of 2, "sync-\d+": run \d+ had 3 of 10 rows rejected \(30 %\), and 10 % are allowed\. The step after it did not run\.$/,
      );
      expect(after.finishedAt).not.toBeNull();
    }
  });

  test.each(['failed', 'cancelled', 'interrupted'] as const)(
    'a %s step stops all but “continue”',
    async (status) => {
      for (const policy of [strict, fatalOnly, anyway]) {
        const { id } = await sequenceOf(policy, fatalOnly);
        const run = await triggerSequence(ctx, actor, { id });
        const after = await endStep(run.id, 0, status);
        expect(after.status).toBe(policy === anyway ? 'running' : 'failed');
        expect(after.steps[1]?.runId === null).toBe(policy !== anyway);
        if (policy === anyway) expect((await endStep(run.id, 1, 'success')).status).toBe('done');
        else if (status === 'failed') expect(after.error?.message).toContain('The source did not answer.');
      }
    },
  );

  test('a disabled sync is a step that could not begin', async () => {
    for (const policy of [fatalOnly, anyway]) {
      const { id, syncs } = await sequenceOf(policy, fatalOnly);
      await ctx.db.sync.updateMany({ where: { id: syncs[0] ?? 0 }, data: { disabled: true } });
      const run = await triggerSequence(ctx, actor, { id });
      expect(run.steps[0]).toMatchObject({ runId: null, error: { code: 'sync_disabled' } });
      expect(run.status).toBe(policy === anyway ? 'running' : 'failed');
      expect(run.steps[1]?.runId === null).toBe(policy !== anyway);
    }
  });
});

describe('running', () => {
  test('starts the steps in order, each after the one before, and is done', async () => {
    const { id, syncs } = await sequenceOf(fatalOnly, fatalOnly, strict);
    const run = await triggerSequence(ctx, actor, { id });
    expect(run).toMatchObject({ status: 'running', trigger: 'manual', sequenceName: 'Nightly' });
    for (const position of [0, 1, 2]) {
      const before = await look(run.id);
      expect(before.steps.map(({ status }) => status)).toEqual(
        [0, 1, 2].map((at) => (at < position ? 'success' : at === position ? 'queued' : null)),
      );
      await advanceSequences(ctx);
      expect(runIds(await look(run.id))).toEqual(runIds(before));
      await endStep(run.id, position, 'success');
    }
    expect(await look(run.id)).toMatchObject({ status: 'done', error: null });
    const runs = await ctx.db.run.findMany({ orderBy: { id: 'asc' } });
    expect(runs.map(({ syncId }) => syncId)).toEqual(syncs);
    expect(runs[0]).toMatchObject({ trigger: 'sequence', triggeredBy: 'Sequence Nightly' });
    expect(await advanceSequences(ctx)).toBe(0);
  });

  test('a crash between two steps, and four workers at once, start the next one once', async () => {
    const { id } = await sequenceOf(fatalOnly, fatalOnly);
    const run = await triggerSequence(ctx, actor, { id });
    // The process that waited for step 1 is gone: nothing but the rows remembers it.
    await ctx.db.run.updateMany({ data: { status: 'success', finishedAt: new Date() } });
    await Promise.all([1, 2, 3, 4].map(() => advanceSequences(ctx)));
    await advanceSequences(ctx);
    expect((await look(run.id)).steps.map(({ status }) => status)).toEqual(['success', 'queued']);
    expect(await ctx.db.run.count()).toBe(2);
  });

  test('waits for a run of a member sync that goes on, and shares one that waits', async () => {
    const { id, syncs } = await sequenceOf(fatalOnly);
    const wanted = { id: syncs[0] ?? 0, resync: 'none', ignoreGuards: false } as const;
    const active = await triggerSync(ctx, actor, wanted);
    await ctx.db.run.updateMany({ data: { status: 'processing' } });
    const run = await triggerSequence(ctx, actor, { id });
    expect(run.steps[0]).toMatchObject({ status: 'queued' });
    expect(run.steps[0]?.runId).not.toBe(active.id);
    expect((await triggerSync(ctx, actor, wanted)).id).toBe(run.steps[0]?.runId);
  });

  test('a sync cannot be removed while a sequence uses it; a run outlives the edit', async () => {
    const { id, syncs } = await sequenceOf(fatalOnly, fatalOnly);
    const [first = 0, second = 0] = syncs;
    const refused = await failureOf(removeSync(ctx, actor, { id: second }));
    expect(refused).toMatchObject({
      code: 'in_use',
      message: expect.stringContaining('the sequence "Nightly"'),
    });
    const run = await triggerSequence(ctx, actor, { id });
    await updateSequence(ctx, actor, { id, steps: [{ syncId: first, policy: anyway }] });
    await removeSync(ctx, actor, { id: second });
    const after = await endStep(run.id, 0, 'success');
    expect(after.status).toBe('failed');
    expect(after.error?.message).toContain('has been removed');
  });
});

describe('triggers', () => {
  test('one follow-up waits while a run goes on; repeats answer it, and it starts by itself', async () => {
    const { id } = await sequenceOf(fatalOnly);
    const first = await triggerSequence(ctx, actor, { id });
    const answers = await Promise.all([1, 2, 3].map(() => triggerSequence(ctx, actor, { id })));
    const [follow] = answers;
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
    expect(follow).toMatchObject({ status: 'pending', steps: [] });
    expect(follow?.id).not.toBe(first.id);
    await advanceSequences(ctx);
    expect((await look(follow?.id ?? '')).status).toBe('pending');
    await endStep(first.id, 0, 'success');
    await advanceSequences(ctx);
    expect((await look(follow?.id ?? '')).status).toBe('running');
    const listed = await listSequenceRuns(ctx, actor, { sequenceId: id, limit: 1 });
    expect(listed.items.map((run) => run.id)).toEqual([follow?.id]);
    const rest = await listSequenceRuns(ctx, actor, { sequenceId: id, limit: 1, cursor: listed.nextCursor });
    expect(rest).toMatchObject({ items: [{ id: first.id }], nextCursor: null });
  });

  test('an idempotency key of a token answers the same run even after its end', async () => {
    const { id } = await sequenceOf(fatalOnly);
    const { id: other } = await sequenceOf(fatalOnly);
    const token = await createToken(ctx, actor, {
      name: 't',
      scope: 'trigger',
      expiresInDays: 1,
      syncIds: null,
    });
    const identity = { kind: 'token', tokenId: token.token.id, name: 't', syncIds: null } as const;
    const client: Actor = { ...actor, identity, permissions: permissionsOfScope('trigger') };
    const first = await triggerSequence(ctx, client, { id }, { key: 'a' });
    expect(first.trigger).toBe('api');
    await endStep(first.id, 0, 'success');
    expect((await triggerSequence(ctx, client, { id }, { key: 'a' })).id).toBe(first.id);
    expect((await triggerSequence(ctx, client, { id }, { key: 'b' })).id).not.toBe(first.id);
    const refused = await failureOf(triggerSequence(ctx, client, { id: other }, { key: 'a' }));
    expect(refused.code).toBe('input_invalid');
  });

  test('old runs are removed with the retention of the workspace, but never the newest', async () => {
    const { id } = await sequenceOf(fatalOnly);
    const { workspaceId } = actor;
    const old = new Date(Date.now() - 400 * 86_400_000);
    const ended = { workspaceId, sequenceId: id, status: 'done', trigger: 'api', triggeredBy: 'x' };
    for (const finishedAt of [old, new Date(), old])
      await ctx.db.sequenceRun.create({ data: { ...ended, finishedAt } });
    expect(await pruneSequenceRuns(ctx.db)).toBe(1);
    expect(await ctx.db.sequenceRun.count({ where: { sequenceId: id } })).toBe(2);
    await ctx.db.sequenceRun.create({ data: ended });
    expect(await pruneSequenceRuns(ctx.db)).toBe(1);
    expect(await pruneSequenceRuns(ctx.db)).toBe(0);
  });
});

describe('cancelling', () => {
  test('a pending run ends at once; of a running one the waiting step too, and nothing follows', async () => {
    const { id } = await sequenceOf(anyway, fatalOnly);
    const running = await triggerSequence(ctx, actor, { id });
    const pending = await triggerSequence(ctx, actor, { id });
    expect((await cancelSequenceRun(ctx, actor, { id: pending.id })).status).toBe('cancelled');
    const cancelled = await cancelSequenceRun(ctx, actor, { id: running.id });
    expect(cancelled).toMatchObject({
      status: 'cancelled',
      steps: [{ status: 'cancelled' }, { runId: null }],
    });
    expect((await failureOf(cancelSequenceRun(ctx, actor, { id: running.id }))).code).toBe('run_not_active');
    expect(await advanceSequences(ctx)).toBe(0);
  });

  test('an active step is told, also by the next look after a crash, and the end waits for it', async () => {
    const { id } = await sequenceOf(anyway, fatalOnly);
    const run = await triggerSequence(ctx, actor, { id });
    await ctx.db.run.updateMany({ data: { status: 'processing' } });
    // The request that cancels dies right after its first transaction.
    await ctx.db.sequenceRun.update({ where: { id: run.id }, data: { cancelRequestedAt: new Date() } });
    await advanceSequences(ctx);
    expect((await look(run.id)).status).toBe('running');
    const told = await ctx.db.run.findFirstOrThrow({});
    expect(told.cancelRequestedAt).not.toBeNull();
    expect(await advanceSequences(ctx)).toBe(0);
    const after = await endStep(run.id, 0, 'cancelled');
    expect(after).toMatchObject({ status: 'cancelled', steps: [{}, { runId: null }] });
  });

  test('a run that somebody else had queued goes on', async () => {
    const { id, syncs } = await sequenceOf(fatalOnly);
    await triggerSync(ctx, actor, { id: syncs[0] ?? 0, resync: 'none', ignoreGuards: false });
    const run = await triggerSequence(ctx, actor, { id });
    expect((await cancelSequenceRun(ctx, actor, { id: run.id })).status).toBe('cancelled');
    expect((await look(run.id)).steps[0]?.status).toBe('queued');
  });

  test('cancelling the run of a step by hand stops the sequence as its policy says', async () => {
    const { id } = await sequenceOf(fatalOnly, fatalOnly);
    const run = await triggerSequence(ctx, actor, { id });
    await cancelRun(ctx, actor, { id: run.steps[0]?.runId ?? 0 });
    await advanceSequences(ctx);
    expect(await look(run.id)).toMatchObject({ status: 'failed', steps: [{ status: 'cancelled' }, {}] });
  });
});

describe('editing', () => {
  test('writes names, steps and schedule with an audit entry, and removes', async () => {
    const { id, syncs } = await sequenceOf(fatalOnly, strict);
    const [first = 0, second = 0] = syncs;
    const other = await sequenceOf(anyway);
    expect((await getSequence(ctx, actor, { id: other.id })).slug).toBe('nightly-2');
    const taken = await failureOf(updateSequence(ctx, actor, { id, slug: 'nightly-2' }));
    expect(taken.code).toBe('slug_taken');
    const steps = [second, first].map((syncId) => ({ syncId, policy: anyway }));
    const changed = await updateSequence(ctx, actor, { id, name: 'Daily', steps });
    expect(changed).toMatchObject({
      name: 'Daily',
      steps: [{ syncId: second }, { syncId: first, policy: anyway }],
    });
    expect((await listSequences(ctx, actor)).map(({ name }) => name)).toEqual(['Daily', 'Nightly']);
    await removeSequence(ctx, actor, { id });
    expect((await failureOf(getSequence(ctx, actor, { id }))).code).toBe('not_found');
    const entries = await ctx.db.auditEntry.findMany({
      where: { subjectName: 'Daily' },
      orderBy: { id: 'asc' },
    });
    expect(entries.map(({ action }) => action)).toEqual(['sequence.update', 'sequence.remove']);
    expect(Object.keys(entries[0]?.changes ?? {})).toEqual(['name', 'steps']);
  });

  test('refuses syncs of another workspace, and hides sequences beyond a token’s syncs', async () => {
    const { actor: stranger } = await createTestMember(ctx, 'stranger');
    const foreign = await createTestSync(ctx, stranger.workspaceId);
    const input = {
      name: 'n',
      steps: [{ syncId: foreign.id, policy: anyway }],
      schedule: null,
      disabled: false,
    };
    expect(await failureOf(createSequence(ctx, actor, input))).toMatchObject({
      code: 'not_found',
      fields: { 'steps.0.syncId': expect.any(String) },
    });
    expect(await ctx.db.sequence.count()).toBe(0);
    const { id, syncs } = await sequenceOf(fatalOnly, fatalOnly);
    const limited = (syncIds: number[]): Actor => ({
      ...actor,
      identity: { kind: 'token', tokenId: 1, name: 't', syncIds },
    });
    const run = await triggerSequence(ctx, actor, { id });
    expect(await listSequences(ctx, limited(syncs))).toHaveLength(1);
    expect(await listSequences(ctx, limited(syncs.slice(1)))).toHaveLength(0);
    for (const who of [limited(syncs.slice(1)), stranger]) {
      expect((await failureOf(triggerSequence(ctx, who, { id }))).code).toBe('not_found');
      expect((await failureOf(getSequenceRun(ctx, who, { id: run.id }))).code).toBe('not_found');
      expect((await failureOf(cancelSequenceRun(ctx, who, { id: run.id }))).code).toBe('not_found');
      expect((await failureOf(removeSequence(ctx, who, { id }))).code).toBe('not_found');
    }
    expect((await failureOf(createSequence(ctx, limited(syncs), input))).code).toBe('forbidden');
  });
});
