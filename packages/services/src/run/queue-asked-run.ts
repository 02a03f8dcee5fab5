import { toJson } from '@sluice/db/json';
import type { Actor } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { RunTrigger, RunView } from '@sluice/domain/run';
import type { RunKind, RunSelection } from '@sluice/domain/run-selection';
import type { AskedResync } from '@sluice/domain/sync';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { syncNotFound, syncScope } from '../sync/sync-scope.ts';
import { findKeyedRun, keepKeyedRun } from '../sync/trigger-key.ts';
import { configurationOfAsked } from './replayable.ts';
import { retryDeadlock } from './retry-deadlock.ts';
import { runSelect, runView } from './run-view.ts';
import { selectionView } from './selection-view.ts';

export interface AskedRun {
  readonly syncId: number;
  readonly kind: RunKind;
  readonly selection: RunSelection;
  readonly resync: AskedResync;
  readonly ignoreGuards: boolean;
  /** What the audit calls it. */
  readonly action: 'run.replay' | 'run.revert' | 'sync.backfill' | 'sync.doubts';
  /** A revert may be wanted for a sync that was switched off because of what it did. */
  readonly evenDisabled?: boolean;
}

/**
 * Queues a run about chosen rows; it follows the run that goes on, if there is one. With a `key`, a token that repeats it
 * within 24 hours gets the run of the first time. Throws `not_found`, `sync_disabled`, `run_not_replayable`, and
 * `conflict` while another such run of the sync waits.
 */
export async function queueAskedRun(
  ctx: ServiceContext,
  actor: Actor,
  asked: AskedRun,
  options: { key?: string | undefined } = {},
): Promise<RunView> {
  const { workspaceId } = actor;
  const { selection, kind } = asked;
  const keyed = options.key === undefined ? null : { key: options.key, request: JSON.stringify(asked) };
  const { run, repeated } = await retryDeadlock(() =>
    ctx.db.$transaction(async (tx) => {
      const found = await tx.sync.findFirst({
        where: { AND: [{ workspaceId, id: asked.syncId }, syncScope(actor)] },
        select: { id: true },
      });
      if (!found) throw syncNotFound(asked.syncId);
      await tx.$queryRaw`select 1 from syncs where id = ${found.id} for update`;
      const sync = await tx.sync.findUniqueOrThrow({ where: { id: found.id } });
      const before = keyed && (await findKeyedRun(tx, actor, keyed));
      if (before) {
        return {
          run: await tx.run.findUniqueOrThrow({ where: { id: before }, select: runSelect }),
          repeated: true,
        };
      }
      if (sync.disabled && !asked.evenDisabled) {
        throw new SluiceError('sync_disabled', `The sync "${sync.slug}" is disabled, so it was not started.`);
      }
      await configurationOfAsked(tx, kind, selection, sync);
      const waiting = await tx.$queryRaw<{ id: number }[]>`
        select id from runs where sync_id = ${sync.id} and status = 'queued' and selection is not null`;
      if (waiting[0]) throw alreadyWaiting(waiting[0].id);
      const { id } = await tx.run.create({
        data: {
          workspaceId,
          syncId: sync.id,
          kind,
          selection: toJson(selection),
          about: toJson(selectionView(selection)),
          resync: asked.resync,
          ignoreGuards: asked.ignoreGuards,
          trigger: triggerOf[actor.identity.kind],
          triggeredBy: actor.identity.name,
        },
        select: { id: true },
      });
      await tx.$executeRaw`update syncs set status = 'queued', last_run_at = now() where id = ${sync.id}`;
      if (keyed) await keepKeyedRun(tx, actor, { ...keyed, runId: id });
      await audit(tx, actor, {
        action: asked.action,
        subjectType: 'sync',
        subjectId: sync.id,
        subjectName: sync.slug,
        changes: { run: [null, id], rows: [null, selectionView(selection).summary] },
      });
      await tx.$queryRaw`select pg_notify('sluice_runs', ${`queued:${id}`})::text`;
      return { run: await tx.run.findUniqueOrThrow({ where: { id }, select: runSelect }), repeated: false };
    }),
  );
  if (!repeated)
    await ctx.jobs.enqueue('run.execute', { runId: run.id, workspaceId }, { id: `run-${run.id}` });
  return runView(run);
}

const triggerOf = { user: 'manual', token: 'api', system: 'sample' } as const satisfies Record<
  string,
  RunTrigger
>;

const alreadyWaiting = (id: number): SluiceError =>
  new SluiceError('conflict', `Run ${id}, about chosen rows of this sync as well, has not begun yet.`, {
    fix: 'Wait until it has begun, or cancel it.',
  });
