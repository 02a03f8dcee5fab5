import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { SequenceRunView } from '@sluice/domain/sequence';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { advanceSequenceRun } from './advance-sequence-run.ts';
import { getSequenceRun } from './get-sequence-run.ts';
import { sequenceRunNotFound, sequenceRunScope } from './sequence-scope.ts';

/**
 * Stops a sequence run. A pending one is cancelled at once. Of a running one no further step starts, the run of the
 * current step is cancelled too (unless somebody else had queued it), and when that has ended, so has the sequence run.
 * Asking twice is fine. Throws `run_not_active`, `not_found`.
 */
export async function cancelSequenceRun(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: string },
): Promise<SequenceRunView> {
  authorise(actor, 'sync.trigger');
  const { workspaceId } = actor;
  const { id } = input;
  await ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`
      select 1 from sequence_runs where workspace_id = ${workspaceId} and id = ${id}::uuid for no key update`;
    const found = await tx.sequenceRun.findFirst({
      where: { AND: [sequenceRunScope(actor), { id }] },
      select: { status: true, cancelRequestedAt: true, sequence: { select: { name: true } } },
    });
    if (!found) throw sequenceRunNotFound();
    const { status, sequence } = found;
    if (status !== 'pending' && status !== 'running') {
      throw new SluiceError('run_not_active', `This run of the sequence has already ended (${status}).`);
    }
    if (found.cancelRequestedAt) return;
    const now = new Date();
    await tx.sequenceRun.update({
      where: { workspaceId_id: { workspaceId, id } },
      data: {
        cancelRequestedAt: now,
        ...(status === 'pending' && { status: 'cancelled', finishedAt: now }),
      },
    });
    await audit(tx, actor, {
      action: 'sequence.cancel',
      subjectType: 'sequence',
      subjectId: null,
      subjectName: sequence.name,
      changes: { run: [id, null] },
    });
  });
  try {
    await advanceSequenceRun(ctx, { workspaceId, id });
  } catch (err) {
    ctx.log.warn(
      { err, sequenceRunId: id, requestId: actor.requestId },
      'a sequence run stops a little later',
    );
  }
  return getSequenceRun(ctx, { ...actor, permissions: new Set([...actor.permissions, 'run.read']) }, { id });
}
