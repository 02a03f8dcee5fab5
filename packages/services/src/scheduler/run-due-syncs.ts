import { nextTimes, Schedule } from '@sluice/domain/schedule';
import type { ServiceContext } from '../context.ts';

interface DueSync {
  id: number;
  workspaceId: number;
  schedule: unknown;
  scheduleAnchor: Date;
  tick: Date;
}

/** Key of the advisory lock that lets one worker at a time queue scheduled runs. */
const schedulerLock = 711_002;
const syncsMax = 1_000;

/**
 * Queues one run for every sync whose time has come, and computes its next time from now: times missed while nobody
 * was there become one run. A sync that has a queued run already is served by that one. Answers how many syncs were
 * due; 0 also while another worker is at it. `now` is the database's clock, so that workers need not agree on theirs.
 */
export async function runDueSyncs(ctx: ServiceContext): Promise<number> {
  const result = await ctx.db.$transaction(async (tx) => {
    const [lock] = await tx.$queryRaw<{ mine: boolean; now: Date }[]>`
      select pg_try_advisory_xact_lock(${schedulerLock}::bigint) as mine, now() as now`;
    if (!lock?.mine) return null;
    const syncs = await tx.$queryRaw<DueSync[]>`
      select id, workspace_id as "workspaceId", schedule, schedule_anchor as "scheduleAnchor", next_run_at as tick
      from syncs where next_run_at <= now() and not disabled
      order by next_run_at, id limit ${syncsMax} for update skip locked`;
    if (syncs.length === 0) return null;
    const planned = syncs.map((sync) => ({
      id: sync.id,
      workspaceId: sync.workspaceId,
      tick: sync.tick.toISOString(),
      next: nextTime(ctx, sync, lock.now)?.toISOString() ?? null,
    }));
    // A tick that fired before, or a run that waits already, makes the insert do nothing.
    const queued = await tx.$queryRaw<{ id: number }[]>`
      with due as (
        select * from jsonb_to_recordset(${JSON.stringify(planned)}::jsonb)
          as due(id int, "workspaceId" int, tick timestamptz, next timestamptz)
      ), queued as (
        insert into runs (workspace_id, sync_id, status, trigger, triggered_by, tick)
        select "workspaceId", id, 'queued', 'schedule', 'Schedule', tick from due
        on conflict do nothing returning id, sync_id
      ), moved as (
        update syncs set next_run_at = due.next,
          status = case when queued.id is null then syncs.status else 'queued' end,
          last_run_at = case when queued.id is null then last_run_at else now() end
        from due left join queued on queued.sync_id = due.id
        where syncs.id = due.id
      ) select id, pg_notify('sluice_runs', 'queued:' || id)::text from queued`;
    return { due: syncs.length, queued: queued.length };
  });
  if (!result) return 0;
  ctx.log.info(result, 'scheduled runs queued');
  return result.due;
}

/** `null`, with a word in the log, where the stored schedule can never fire again. */
function nextTime(ctx: ServiceContext, sync: DueSync, now: Date): Date | null {
  try {
    const schedule = Schedule.parse(sync.schedule);
    return nextTimes(schedule, { after: now, anchor: sync.scheduleAnchor, count: 1 })[0] ?? null;
  } catch (error) {
    ctx.log.error(
      { err: error, syncId: sync.id },
      'the schedule of a sync cannot be read; it is not run by itself',
    );
    return null;
  }
}
