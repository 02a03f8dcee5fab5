import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { RowFilter } from '@sluice/domain/row-filter';
import type { RunTrigger, RunView } from '@sluice/domain/run';
import type { TriggerSync } from '@sluice/domain/sync';
import type { z } from 'zod';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { patientTransaction } from '../run/patient-transaction.ts';
import { queueAskedRun } from '../run/queue-asked-run.ts';
import { retryDeadlock } from '../run/retry-deadlock.ts';
import { runSelect, runView } from '../run/run-view.ts';
import { queueRun } from './queue-run.ts';
import { syncNotFound, syncScope } from './sync-scope.ts';
import { findKeyedRun, keepKeyedRun } from './trigger-key.ts';

/**
 * Starts a run. While one goes on, answers the one run that follows it; repeating a trigger is safe and answers the
 * same run. A follow-up that was asked for both with and without a resync does the resync. The sync's status and time
 * turn in the same transaction. With a `key`, a token that repeats it within 24 hours gets the run of the first time,
 * whatever became of it since. A backfill with a filter is a run of its own. Throws `sync_disabled`, `not_found`, and `input_invalid` for a key used otherwise.
 */
export async function triggerSync(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof TriggerSync>,
  options: { trigger?: RunTrigger; key?: string | undefined } = {},
): Promise<RunView> {
  authorise(actor, 'sync.trigger');
  if (input.filter) return backfill(ctx, actor, { ...input, filter: input.filter }, options);
  const trigger = options.trigger ?? triggerOf[actor.identity.kind];
  const keyed = options.key === undefined ? null : { key: options.key, request: JSON.stringify(input) };
  const run = await retryDeadlock(() =>
    ctx.db.$transaction(async (tx) => {
      const sync = await tx.sync.findFirst({
        where: { AND: [{ workspaceId: actor.workspaceId, id: input.id }, syncScope(actor)] },
        select: { id: true, slug: true },
      });
      if (!sync) throw syncNotFound(input.id);
      // Scheduler and triggers of a sync take turns here.
      const [locked] = await tx.$queryRaw<{ disabled: boolean }[]>`
      select disabled from syncs where id = ${sync.id} for update`;
      const before = keyed && (await findKeyedRun(tx, actor, keyed));
      if (before) return tx.run.findUniqueOrThrow({ where: { id: before }, select: runSelect });
      if (locked?.disabled) {
        throw new SluiceError('sync_disabled', `The sync "${sync.slug}" is disabled, so it was not started.`);
      }
      const { resync, ignoreGuards } = input;
      const id = await queueRun(tx, {
        workspaceId: actor.workspaceId,
        syncId: sync.id,
        trigger,
        triggeredBy: actor.identity.name,
        resync,
        ignoreGuards,
      });
      if (keyed) await keepKeyedRun(tx, actor, { ...keyed, runId: id });
      await audit(tx, actor, {
        action: 'sync.trigger',
        subjectType: 'sync',
        subjectId: sync.id,
        subjectName: sync.slug,
        changes: { run: [null, id], ...(input.resync !== 'none' && { resync: [null, input.resync] }) },
      });
      return tx.run.findUniqueOrThrow({ where: { id }, select: runSelect });
    }, patientTransaction),
  );
  await ctx.jobs.enqueue(
    'run.execute',
    { runId: run.id, workspaceId: actor.workspaceId },
    { id: `run-${run.id}` },
  );
  return runView(run);
}

const triggerOf = { user: 'manual', token: 'api', system: 'sample' } as const;

/** Sends the rows of a filter again, and leaves all others as they are. */
function backfill(
  ctx: ServiceContext,
  actor: Actor,
  { id, resync, filter, ignoreGuards }: z.output<typeof TriggerSync> & { filter: RowFilter },
  options: { key?: string | undefined },
): Promise<RunView> {
  if (resync !== 'backfill') {
    throw new SluiceError('input_invalid', 'A filter chooses the rows of a backfill.', {
      fields: { filter: 'Only a backfill has a filter.' },
    });
  }
  return queueAskedRun(
    ctx,
    actor,
    {
      syncId: id,
      kind: 'sync',
      selection: { type: 'filter', filter },
      resync,
      ignoreGuards,
      action: 'sync.backfill',
    },
    options,
  );
}
