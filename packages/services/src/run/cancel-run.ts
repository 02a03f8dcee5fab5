import { Prisma } from '@sluice/db/generated/client';
import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { RunView } from '@sluice/domain/run';
import { activeStatuses, isFinal, type RunStatus } from '@sluice/domain/run-status';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { countEndedRuns } from '../metrics/count-ended-runs.ts';
import { queueDeliveries } from '../webhook/queue-deliveries.ts';
import { retryDeadlock } from './retry-deadlock.ts';
import { runScope } from './run-scope.ts';
import { runSelect, runView } from './run-view.ts';

/**
 * Stops a run. A queued one is cancelled at once; of a running one the worker hears within a second, sends no further
 * request, records what was acknowledged, and ends it. Asking twice is fine. Throws `run_not_active`, `not_found`.
 */
export async function cancelRun(ctx: ServiceContext, actor: Actor, input: { id: number }): Promise<RunView> {
  authorise(actor, 'sync.trigger');
  const run = await retryDeadlock(() =>
    ctx.db.$transaction(async (tx) => {
      const where = { AND: [runScope(actor), { id: input.id }] };
      // In the order of a trigger: the sync, then its run.
      await tx.$queryRaw`
        select 1 from syncs where workspace_id = ${actor.workspaceId}
          and id = (select sync_id from runs where id = ${input.id} and workspace_id = ${actor.workspaceId}) for update`;
      await tx.$queryRaw`
      select 1 from runs where id = ${input.id} and workspace_id = ${actor.workspaceId} for no key update`;
      const found = await tx.run.findFirst({ where, select: { ...runSelect, workspaceId: true } });
      if (!found) throw new SluiceError('not_found', `There is no run ${input.id} in this workspace.`);
      if (isFinal(found.status as RunStatus)) {
        throw new SluiceError('run_not_active', `Run ${input.id} has already ended (${found.status}).`);
      }
      if (found.cancelRequestedAt) return found;
      const by = actor.identity.name;
      if (found.status === 'queued') {
        await tx.$executeRaw`
        update runs set status = 'cancelled', cancel_requested_at = now(), finished_at = now(),
          stages = jsonb_build_array(jsonb_build_object(
            'stage', 'queued', 'startedAt', created_at, 'finishedAt', now()))
        where id = ${found.id}`;
        await tx.$executeRaw`
        update syncs set status = (
          select status from runs where sync_id = ${found.syncId}
          order by status = any(${[...activeStatuses]}) desc, id desc limit 1)
        where id = ${found.syncId}`;
      } else {
        await tx.$executeRaw`update runs set cancel_requested_at = now() where id = ${found.id}`;
      }
      await tx.runEvent.create({
        data: {
          workspaceId: actor.workspaceId,
          runId: found.id,
          level: 'warning',
          stage: found.status === 'queued' ? 'queued' : currentStage(found.stages),
          message: `${by} cancelled the run.`,
        },
      });
      await audit(tx, actor, {
        action: 'run.cancel',
        subjectType: 'run',
        subjectId: found.id,
        subjectName: `Run ${found.id} of ${found.sync.slug}`,
      });
      if (found.status === 'queued') {
        const cancelled = Prisma.sql`(select * from runs where id = ${found.id})`;
        await tx.$executeRaw(queueDeliveries(cancelled));
        await tx.$executeRaw(countEndedRuns(cancelled));
      }
      await tx.$queryRaw`select pg_notify('sluice_runs', ${`cancel:${found.id}`})::text,
      pg_notify('sluice_runs', ${`event:${found.id}`})::text, pg_notify('sluice_runs', ${`run:${found.id}`})::text`;
      return tx.run.findUniqueOrThrow({ where: { id: found.id }, select: runSelect });
    }),
  );
  return runView(run);
}

function currentStage(stages: unknown): string {
  const last = Array.isArray(stages) ? stages.at(-1) : null;
  return (last as { stage?: string } | null)?.stage ?? 'extract';
}
