import { Prisma, type Sync } from '@sluice/db/generated/client';
import type { StageTiming } from '@sluice/domain/run';
import type { RunKind } from '@sluice/domain/run-selection';
import { finalStatuses } from '@sluice/domain/run-status';
import { type JudgedRun, judgeRun, type SyncPause } from '@sluice/domain/sync-health';
import { LeaseLost, type RunEnd } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import { countEndedRuns } from '../metrics/count-ended-runs.ts';
import { auditPause, pauseChange, tellPause } from '../sync-health/report-pause.ts';
import { healthOf, pauseJson } from '../sync-health/stored-pause.ts';
import { queueDeliveries } from '../webhook/queue-deliveries.ts';
import { noLines } from './event-log.ts';
import { fence, type RunHold, retryDropped } from './run-fence.ts';

/**
 * Closes a run in one statement: the last lines of its log (a CTE of `EventLog.take`), status, counts, ledger pointer, state of the sync, whether its schedule goes on, size of
 * the model, what webhooks tell of it. When the connection is lost while it commits, the run is read again: closed under
 * this epoch means that the commit arrived.
 * A pending resync of the sync is over once a ledger was written with the primary key, object and match key of now,
 * to a destination that nobody has changed since the run began; one that came with an edit of the sync also only when
 * nobody has edited the sync since.
 */
export async function endRun(
  ctx: ServiceContext,
  hold: RunHold,
  end: RunEnd,
  { stages, lines = noLines }: { readonly stages: readonly StageTiming[]; readonly lines?: Prisma.Sql },
): Promise<void> {
  const error = end.error && { ...end.error, message: ctx.secrets.redact(end.error.message) };
  const done = end.status === 'success' || end.status === 'warning';
  const finishedAt = new Date();
  const health = await judge(ctx, hold, { id: hold.id, status: end.status, error, finishedAt });
  const judged = Prisma.sql`(select sync_id, id as run_id from ended)`;
  const statement = Prisma.sql`with ${fence(hold)}, ${lines}, ended as (
      update runs set status = ${end.status}, counts = ${JSON.stringify(end.counts)}::jsonb,
        error = ${error ? JSON.stringify(error) : null}::jsonb, finished_at = now(), progress = null, pace = null,
        completion_ratio = case when ${done} then 1 else completion_ratio end,
        stages = ${JSON.stringify(stages)}::jsonb, owner = null, lease_until = null, claims = 0
      from fence where runs.id = fence.id
      returning runs.*
    ), uncut as (
      delete from run_chunks using ended where run_chunks.run_id = ended.id
    ), kept as (
      update syncs set
        ledger_key = coalesce(${end.ledger?.blobKey ?? null}::text, ledger_key),
        ledger_rows = coalesce(${end.ledger?.rows ?? null}::int, ledger_rows),
        doubt_rows = coalesce(${end.ledger?.doubts ?? null}::int, doubt_rows),
        pending_resync = case
          when ${end.ledger !== null} and ended.selection is null
            and ended.specification ->> 'resync' = any(case pending_resync
              when 'from_now' then array['full', 'reset', 'backfill', 'from_now']
              when 'backfill' then array['full', 'reset', 'backfill']
              else array['full', 'reset'] end)
            and (pending_resync not in ('backfill', 'from_now')
              or syncs.updated_at = (ended.specification ->> 'syncUpdatedAt')::timestamptz)
            and ended.specification #>> '{model,primaryKey}' = models.primary_key
            and ended.specification #> '{configuration,object}' is not distinct from syncs.configuration -> 'object'
            and ended.specification #> '{configuration,matchKey}'
              is not distinct from syncs.configuration -> 'matchKey'
            and destinations.updated_at <= ended.started_at
            then 'none'
          else pending_resync end,
        failures = coalesce(${health?.after.failures ?? null}::int, failures),
        ${health ? setPause(health.before.pause, health.after.pause) : Prisma.empty}
        status = case
          when exists (select 1 from runs newer where newer.sync_id = ended.sync_id and newer.status = 'queued')
            then syncs.status
          else ${end.status} end
      from ended, models, destinations
      where syncs.id = ended.sync_id and models.id = syncs.model_id and destinations.id = syncs.destination_id
    ), sized as (
      update models set last_run_size = ${end.counts.queried}::int
      from ended
      where ended.plan is not null and ended.kind = 'sync' and models.id = (ended.specification #>> '{model,id}')::int
        and models.workspace_id = ended.workspace_id
    ), served as (
      update missed_schedules missed set ended_at = now(), run_id = ended.id
      from ended where missed.sync_id = ended.sync_id and missed.ended_at is null and ${health?.after.pause === null && done}
    ), told as (${queueDeliveries(Prisma.sql`ended`)}
    ), told_pause as (${tellPause(health?.change ?? null, judged)}
    ), audited as (${auditPause(health?.change ?? null, judged, `run-${hold.id}`)}
    ), counted as (${countEndedRuns(Prisma.sql`ended`)}
    ) select count(*)::int as held, pg_notify('sluice_runs', 'event:' || ${hold.id}::int)::text,
        pg_notify('sluice_runs', 'run:' || ${hold.id}::int)::text from fence`;

  const closed = await retryDropped(async () => {
    const [answer] = await ctx.db.$queryRaw<{ held: number }[]>(statement);
    return answer?.held === 1 || (await endedBefore(ctx, hold));
  });
  if (!closed) throw new LeaseLost();
}

/** The health of the sync after its run, from what it was before; `null` when the run has nothing to say about it. */
async function judge(ctx: ServiceContext, hold: RunHold, run: JudgedRun) {
  const [sync] = await retryDropped(
    () => ctx.db.$queryRaw<JudgedSync[]>`
      select failures, pause, paused_until as "pausedUntil", disabled, next_run_at as "nextRunAt"
      from runs join syncs on syncs.id = runs.sync_id
      where runs.id = ${hold.id} and runs.kind = ${'sync' satisfies RunKind} and runs.selection is null`,
  );
  // Rows that somebody asked for say nothing about a run of the schedule.
  if (!sync) return null;
  const before = healthOf(sync);
  const after = judgeRun(before, run, sync.disabled ? null : sync.nextRunAt);
  return { before, after, change: pauseChange(before, after) };
}

type JudgedSync = Pick<Sync, 'failures' | 'pause' | 'pausedUntil' | 'disabled' | 'nextRunAt'>;

/** What a person paused or resumed meanwhile stays. */
function setPause(before: SyncPause | null, after: SyncPause | null): Prisma.Sql {
  const text = (pause: SyncPause | null) => pause && JSON.stringify(pauseJson(pause));
  const untouched = Prisma.sql`syncs.pause is not distinct from ${text(before)}::jsonb`;
  return Prisma.sql`
    pause = case when ${untouched} then ${text(after)}::jsonb else syncs.pause end,
    paused_until = case when ${untouched} then ${after?.until ?? null}::timestamptz else paused_until end,`;
}

/** Whether this epoch has ended the run: the commit arrived although its answer did not. */
async function endedBefore(ctx: ServiceContext, hold: RunHold): Promise<boolean> {
  const run = await ctx.db.run.findFirst({ where: hold, select: { status: true } });
  return finalStatuses.some((status) => status === run?.status);
}
