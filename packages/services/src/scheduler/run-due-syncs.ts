import { Prisma } from '@sluice/db/generated/client';
import type { ServiceContext } from '../context.ts';
import { queueSyncDeliveries } from '../webhook/queue-sync-deliveries.ts';
import { type DueSync, planTick } from './plan-tick.ts';

/** Key of the advisory lock that lets one worker at a time queue scheduled runs. */
const schedulerLock = 711_002;
const syncsMax = 1_000;

/**
 * Queues one run for every sync whose time has come, and computes its next time from now: times missed while nobody
 * was there become one run. A sync that has a queued run already is served by that one; one whose schedule holds still
 * is not run. Times that started no run are kept and told (`MissedSchedule`). Answers how many syncs were due; 0 also while
 * another worker is at it. `now` is the database's clock, so that workers need not agree on theirs.
 */
export async function runDueSyncs(ctx: ServiceContext): Promise<number> {
  const result = await ctx.db.$transaction(async (tx) => {
    const [lock] = await tx.$queryRaw<{ mine: boolean; now: Date }[]>`
      select pg_try_advisory_xact_lock(${schedulerLock}::bigint) as mine, now() as now`;
    if (!lock?.mine) return null;
    const syncs = await tx.$queryRaw<DueSync[]>`
      select id, workspace_id as "workspaceId", schedule, schedule_anchor as "scheduleAnchor", next_run_at as tick,
        pause is not null and coalesce(paused_until > now(), true) as held, paused_until as "pausedUntil",
        (select runs.id from runs where runs.sync_id = syncs.id and status = 'queued' and selection is null
          and created_at < next_run_at - interval '1 minute') as "waitingRunId"
      from syncs where next_run_at <= now() and not disabled
      order by next_run_at, id limit ${syncsMax} for update skip locked`;
    if (syncs.length === 0) return null;
    const planned = syncs.map((sync) => planTick(ctx, sync, lock.now));
    // A tick that fired before, or a run that waits already, makes the insert do nothing.
    const queued = await tx.$queryRaw<{ id: number }[]>`
      with due as (
        select * from jsonb_to_recordset(${JSON.stringify(planned)}::jsonb)
          as due(id int, "workspaceId" int, tick timestamptz, next timestamptz, fires boolean, reason text,
            "lastAt" timestamptz, times int, "waitingRunId" int)
      ), queued as (
        insert into runs (workspace_id, sync_id, status, trigger, triggered_by, tick)
        select "workspaceId", id, 'queued', 'schedule', 'Schedule', tick from due where fires
        on conflict do nothing returning id, sync_id
      ), moved as (
        update syncs set next_run_at = due.next,
          status = case when queued.id is null then syncs.status else 'queued' end,
          last_run_at = case when queued.id is null then last_run_at else now() end
        from due left join queued on queued.sync_id = due.id
        where syncs.id = due.id
      ), caught_up as (
        update missed_schedules missed set ended_at = now(), run_id = coalesce(queued.id, missed.run_id)
        from due left join queued on queued.sync_id = due.id
        where missed.sync_id = due.id and missed.ended_at is null and due.fires
          and due.reason is distinct from missed.reason
      ), missed as (
        insert into missed_schedules (workspace_id, sync_id, reason, first_at, last_at, times, run_id, ended_at)
        select "workspaceId", due.id, reason, tick, "lastAt", times, coalesce(queued.id, "waitingRunId"),
          case when reason = 'no_worker' then now() end
        from due left join queued on queued.sync_id = due.id where reason is not null
        on conflict (sync_id, reason) where ended_at is null
          do update set last_at = excluded.last_at, times = missed_schedules.times + excluded.times,
            run_id = excluded.run_id
        returning *, xmax = 0 as began
      ), told as (${queueSyncDeliveries(began)}
      ) select id, pg_notify('sluice_runs', 'queued:' || id)::text from queued`;
    return { due: syncs.length, queued: queued.length };
  });
  if (!result) return 0;
  ctx.log.info(result, 'scheduled runs queued');
  return result.due;
}

/** Told once, when it begins. */
const began = Prisma.sql`(
  select sync_id, 'schedule.missed' as event, run_id, jsonb_build_object('missed', jsonb_build_object(
    'reason', reason, 'firstAt', first_at, 'lastAt', last_at, 'times', times)) as part
  from missed where began)`;
