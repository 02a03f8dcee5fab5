import type { Connection } from '@sluice/db/client';
import { toJson } from '@sluice/db/json';
import { errorView, SluiceError } from '@sluice/domain/error';
import { isFinal } from '@sluice/domain/run-status';
import type { SequenceRunStepView } from '@sluice/domain/sequence';
import { systemActor } from '../actor/system-actor.ts';
import type { ServiceContext } from '../context.ts';
import { cancelRun } from '../run/cancel-run.ts';
import { queueRun } from '../sync/queue-run.ts';
import { judgeStep } from './judge-step.ts';
import { sequenceRunInclude, viewSequenceRuns } from './view-sequence-runs.ts';

interface SequenceRunKey {
  readonly workspaceId: number;
  readonly id: string;
}

/** What came of one look; `again` when the next step can be looked at right away. */
type Progress =
  | { readonly now: 'again' | 'idle' }
  | { readonly now: 'started'; readonly runId: number }
  | { readonly now: 'cancel'; readonly runId: number; readonly sequence: string };

/**
 * Takes a sequence run as far as it can go now: starts it when nothing before it goes on, starts the next step when
 * the policy of the one before allows it, ends it. All it needs is in the database and it moves one transaction at a
 * time, so any process may call it at any moment, also after a crash; somebody else's lock makes it do nothing.
 */
export async function advanceSequenceRun(ctx: ServiceContext, key: SequenceRunKey): Promise<void> {
  for (;;) {
    const progress = await ctx.db.$transaction((tx) => advanceOnce(tx, key));
    if (progress.now === 'started') {
      const { runId } = progress;
      await ctx.jobs.enqueue('run.execute', { runId, workspaceId: key.workspaceId }, { id: `run-${runId}` });
    }
    if (progress.now === 'cancel') await cancelMember(ctx, key, progress);
    if (progress.now !== 'again') return;
  }
}

async function advanceOnce(tx: Connection, { workspaceId, id }: SequenceRunKey): Promise<Progress> {
  const [held] = await tx.$queryRaw<{ status: string }[]>`
    select status from sequence_runs where workspace_id = ${workspaceId} and id = ${id}::uuid
    for no key update skip locked`;
  if (held?.status === 'pending') return start(tx, { workspaceId, id });
  if (held?.status !== 'running') return { now: 'idle' };
  const row = await tx.sequenceRun.findFirstOrThrow({
    where: { workspaceId, id },
    include: sequenceRunInclude,
  });
  const [view] = await viewSequenceRuns(tx, workspaceId, [row]);
  if (!view) return { now: 'idle' };
  const name = view.sequenceName;

  if (view.cancelRequestedAt) {
    const open = view.steps.find(({ status }) => status !== null && !isFinal(status));
    const ours = open && (await findOwnRun(tx, workspaceId, open.runId));
    if (!ours) return end(tx, { workspaceId, id }, 'cancelled', null);
    return ours.cancelRequestedAt ? { now: 'idle' } : { now: 'cancel', runId: ours.id, sequence: name };
  }
  // Only the last step that began is judged: those before it have passed, whatever became of their runs since.
  const begun = view.steps.findLastIndex(({ runId, error }) => runId !== null || error !== null);
  const last = view.steps[begun];
  if (last) {
    const verdict = judgeStep(factsOf(last));
    if (verdict.next === 'wait') return { now: 'idle' };
    if (verdict.next === 'stop') {
      const rest = view.steps.length - begun - 1;
      const after = rest === 0 ? '' : ` The ${rest === 1 ? 'step' : `${rest} steps`} after it did not run.`;
      const message = `Step ${begun + 1} of ${view.steps.length}, "${last.syncSlug}": ${verdict.reason}.${after}`;
      return end(tx, { workspaceId, id }, 'failed', message);
    }
  }
  const next = view.steps[begun + 1];
  if (next) return startStep(tx, { workspaceId, id, name }, next);
  return end(tx, { workspaceId, id }, 'done', null);
}

/** Takes over the steps as they are now, unless a run of the sequence goes on. */
async function start(tx: Connection, { workspaceId, id }: SequenceRunKey): Promise<Progress> {
  const started = await tx.$executeRaw`
    update sequence_runs this set status = 'running', started_at = now()
    where workspace_id = ${workspaceId} and id = ${id}::uuid and status = 'pending'
      and not exists (
        select 1 from sequence_runs other where other.sequence_id = this.sequence_id and other.status = 'running')`;
  if (started === 0) return { now: 'idle' };
  await tx.$executeRaw`
    insert into sequence_run_steps
      (workspace_id, sequence_run_id, position, sync_id, sync_slug, policy, rejected_share_max)
    select step.workspace_id, run.id, step.position, step.sync_id, syncs.slug, step.policy, step.rejected_share_max
    from sequence_runs run
    join sequence_steps step on step.sequence_id = run.sequence_id
    join syncs on syncs.id = step.sync_id
    where run.workspace_id = ${workspaceId} and run.id = ${id}::uuid`;
  return { now: 'again' };
}

/** The step's run and the note of it are one transaction: a crash leaves both or neither. */
async function startStep(
  tx: Connection,
  { workspaceId, id, name }: SequenceRunKey & { readonly name: string },
  step: SequenceRunStepView,
): Promise<Progress> {
  const [sync] = await tx.$queryRaw<{ disabled: boolean }[]>`
    select disabled from syncs where workspace_id = ${workspaceId} and id = ${step.syncId} for update`;
  const where = { sequenceRunId_position: { sequenceRunId: id, position: step.position } };
  if (!sync || sync.disabled) {
    const error = sync
      ? new SluiceError('sync_disabled', `The sync "${step.syncSlug}" is disabled, so it was not started.`)
      : new SluiceError('not_found', `The sync "${step.syncSlug}" has been removed.`, {
          fix: 'Take it out of the sequence.',
        });
    await tx.sequenceRunStep.update({ where, data: { error: toJson(errorView(error)) } });
    return { now: 'again' };
  }
  // A run of the sync that goes on is waited for by the queue: this one starts after it.
  const runId = await queueRun(tx, {
    workspaceId,
    syncId: step.syncId,
    trigger: 'sequence',
    triggeredBy: `Sequence ${name}`,
    resync: 'none',
    ignoreGuards: false,
  });
  await tx.sequenceRunStep.update({ where, data: { runId } });
  return { now: 'started', runId };
}

async function end(
  tx: Connection,
  { workspaceId, id }: SequenceRunKey,
  status: 'done' | 'failed' | 'cancelled',
  message: string | null,
): Promise<Progress> {
  await tx.sequenceRun.update({
    where: { workspaceId_id: { workspaceId, id } },
    data: {
      status,
      finishedAt: new Date(),
      ...(message !== null && { error: toJson(errorView(new SluiceError('sequence_stopped', message))) }),
    },
  });
  return { now: 'idle' };
}

function factsOf(step: SequenceRunStepView) {
  const { runId, status, policy, plannedRows, rejectedRows, error } = step;
  const reason = error?.message ?? null;
  if (runId === null) return { policy, run: null, refusal: reason?.replace(/\.$/, '') ?? null };
  if (status === null) return { policy, run: null, refusal: `run ${runId} was removed with its sync` };
  return { policy, run: { id: runId, status, plannedRows, rejectedRows, reason }, refusal: null };
}

/** The run if the sequence started it: one that somebody else wanted as well goes on when the sequence is cancelled. */
const findOwnRun = (tx: Connection, workspaceId: number, runId: number | null) =>
  tx.run.findFirst({
    where: { workspaceId, id: runId ?? 0, trigger: 'sequence' },
    select: { id: true, cancelRequestedAt: true },
  });

async function cancelMember(
  ctx: ServiceContext,
  key: SequenceRunKey,
  { runId, sequence }: { runId: number; sequence: string },
): Promise<void> {
  try {
    await cancelRun(ctx, systemActor(key.workspaceId, `Sequence ${sequence}`), { id: runId });
  } catch (err) {
    const over = err instanceof SluiceError && (err.code === 'run_not_active' || err.code === 'not_found');
    if (!over) throw err;
  }
  // A queued run is cancelled at once, and then the sequence can end at once.
  await ctx.db.$transaction((tx) => advanceOnce(tx, key));
}
