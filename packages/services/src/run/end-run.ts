import { Prisma } from '@sluice/db/generated/client';
import type { StageTiming } from '@sluice/domain/run';
import { finalStatuses } from '@sluice/domain/run-status';
import { LeaseLost, type RunEnd } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import { countEndedRuns } from '../metrics/count-ended-runs.ts';
import { queueDeliveries } from '../webhook/queue-deliveries.ts';
import { fence, type RunHold, retryDropped } from './run-fence.ts';

/**
 * Closes a run in one statement: status, counts, ledger pointer, state of the sync, size of the model, what webhooks
 * tell of it. When the connection is lost while it commits, the run is read again: closed under this epoch means that
 * the commit arrived.
 * A pending resync of the sync is over once a ledger was written with the primary key, object and match key of now,
 * to a destination that nobody has changed since the run began.
 */
export async function endRun(
  ctx: ServiceContext,
  hold: RunHold,
  end: RunEnd,
  stages: readonly StageTiming[],
): Promise<void> {
  const error = end.error && { ...end.error, message: ctx.secrets.redact(end.error.message) };
  const done = end.status === 'success' || end.status === 'warning';
  const statement = Prisma.sql`with ${fence(hold)}, ended as (
      update runs set status = ${end.status}, counts = ${JSON.stringify(end.counts)}::jsonb,
        error = ${error ? JSON.stringify(error) : null}::jsonb, finished_at = now(), progress = null,
        completion_ratio = case when ${done} then 1 else completion_ratio end,
        stages = ${JSON.stringify(stages)}::jsonb, owner = null, lease_until = null, claims = 0
      from fence where runs.id = fence.id
      returning runs.*
    ), kept as (
      update syncs set
        ledger_key = coalesce(${end.ledger?.blobKey ?? null}::text, ledger_key),
        ledger_rows = coalesce(${end.ledger?.rows ?? null}::int, ledger_rows),
        pending_resync = case
          when ${end.ledger !== null} and ended.specification ->> 'resync' <> 'none'
            and ended.specification #>> '{model,primaryKey}' = models.primary_key
            and ended.specification #> '{configuration,object}' is not distinct from syncs.configuration -> 'object'
            and ended.specification #> '{configuration,matchKey}'
              is not distinct from syncs.configuration -> 'matchKey'
            and destinations.updated_at <= ended.started_at
            then 'none'
          else pending_resync end,
        status = case
          when exists (select 1 from runs newer where newer.sync_id = ended.sync_id and newer.status = 'queued')
            then syncs.status
          else ${end.status} end
      from ended, models, destinations
      where syncs.id = ended.sync_id and models.id = syncs.model_id and destinations.id = syncs.destination_id
    ), sized as (
      update models set last_run_size = ${end.counts.queried}::int
      from ended
      where ended.plan is not null and models.id = (ended.specification #>> '{model,id}')::int
        and models.workspace_id = ended.workspace_id
    ), told as (${queueDeliveries(Prisma.sql`ended`)}), counted as (${countEndedRuns(Prisma.sql`ended`)}
    ) select count(*)::int as held, pg_notify('sluice_runs', 'run:' || ${hold.id}::int)::text from fence`;

  const closed = await retryDropped(async () => {
    const [answer] = await ctx.db.$queryRaw<{ held: number }[]>(statement);
    return answer?.held === 1 || (await endedBefore(ctx, hold));
  });
  if (!closed) throw new LeaseLost();
}

/** Whether this epoch has ended the run: the commit arrived although its answer did not. */
async function endedBefore(ctx: ServiceContext, hold: RunHold): Promise<boolean> {
  const run = await ctx.db.run.findFirst({ where: hold, select: { status: true } });
  return finalStatuses.some((status) => status === run?.status);
}
