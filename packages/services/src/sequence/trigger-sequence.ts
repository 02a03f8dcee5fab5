import { type Actor, authorise } from '@sluice/domain/actor';
import type { SequenceRunView } from '@sluice/domain/sequence';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { patientTransaction } from '../run/patient-transaction.ts';
import { advanceSequenceRun } from './advance-sequence-run.ts';
import { getSequenceRow } from './get-sequence.ts';
import { getSequenceRun } from './get-sequence-run.ts';
import { lockSequence } from './lock-sequence.ts';
import { findKeyedSequenceRun, keepKeyedSequenceRun } from './sequence-trigger-key.ts';

/**
 * Runs a sequence. While a run goes on, answers the one run that follows it; repeating a trigger is safe and answers
 * the same one. With a `key`, a token that repeats it within 24 hours gets the run of the first time, whatever became
 * of it since. Throws `not_found`, and `input_invalid` for a key used otherwise.
 */
export async function triggerSequence(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: string },
  options: { key?: string | undefined } = {},
): Promise<SequenceRunView> {
  authorise(actor, 'sync.trigger');
  const { workspaceId } = actor;
  const keyed = options.key === undefined ? null : { key: options.key, sequenceId: input.id };
  const id = await ctx.db.$transaction(async (tx) => {
    await lockSequence(tx, actor, input.id);
    const sequence = await getSequenceRow(tx, actor, input.id);
    const before = keyed && (await findKeyedSequenceRun(tx, actor, keyed));
    if (before) return before;
    const where = { workspaceId, sequenceId: sequence.id };
    const select = { id: true } as const;
    const run =
      (await tx.sequenceRun.findFirst({ where: { ...where, status: 'pending' }, select })) ??
      (await tx.sequenceRun.create({
        data: {
          ...where,
          trigger: actor.identity.kind === 'token' ? 'api' : 'manual',
          triggeredBy: actor.identity.name,
        },
        select,
      }));
    if (keyed) await keepKeyedSequenceRun(tx, actor, { ...keyed, sequenceRunId: run.id });
    await audit(tx, actor, {
      action: 'sequence.trigger',
      subjectType: 'sequence',
      subjectId: null,
      subjectName: sequence.name,
      changes: { run: [null, run.id] },
    });
    return run.id;
  }, patientTransaction);
  try {
    await advanceSequenceRun(ctx, { workspaceId, id });
  } catch (err) {
    // It is in the database: the workers' next look starts it.
    ctx.log.warn(
      { err, sequenceRunId: id, requestId: actor.requestId },
      'a sequence run starts a little later',
    );
  }
  return readRun(ctx, actor, id);
}

/** Who may trigger may see what came of it, whatever else their token allows. */
function readRun(ctx: ServiceContext, actor: Actor, id: string): Promise<SequenceRunView> {
  return getSequenceRun(ctx, { ...actor, permissions: new Set([...actor.permissions, 'run.read']) }, { id });
}
