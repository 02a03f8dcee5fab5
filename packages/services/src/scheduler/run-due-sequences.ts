import { lateMsMax, type MissedTimes } from '@sluice/domain/missed-schedule';
import { nextTimes, Schedule } from '@sluice/domain/schedule';
import type { ServiceContext } from '../context.ts';

interface DueSequence {
  id: string;
  workspaceId: number;
  schedule: unknown;
  scheduleAnchor: Date;
  tick: Date;
}

const sequencesMax = 1_000;

/**
 * Makes one pending run for every sequence whose time has come, and computes its next time from now: times missed
 * while nobody was there become one run. A sequence with a pending run already is served by that one. What was missed is
 * kept with the run that makes up for it. Rows that another worker holds are left to it. Answers how many were due.
 */
export async function runDueSequences(ctx: ServiceContext): Promise<number> {
  const result = await ctx.db.$transaction(async (tx) => {
    const due = await tx.$queryRaw<(DueSequence & { now: Date })[]>`
      select id, workspace_id as "workspaceId", schedule, schedule_anchor as "scheduleAnchor", next_run_at as tick,
        now() as now
      from sequences where next_run_at <= now()
      order by next_run_at, id limit ${sequencesMax} for update skip locked`;
    if (due.length === 0) return null;
    const planned = due.map((sequence) => ({
      id: sequence.id,
      workspaceId: sequence.workspaceId,
      tick: sequence.tick.toISOString(),
      ...timesOf(ctx, sequence, sequence.now),
    }));
    // A tick that fired before, or a run that is pending already, makes the insert do nothing.
    const pending = await tx.$executeRaw`
      with due as (
        select * from jsonb_to_recordset(${JSON.stringify(planned)}::jsonb)
          as due(id uuid, "workspaceId" int, tick timestamptz, next timestamptz, missed jsonb)
      ), moved as (
        update sequences set next_run_at = due.next from due where sequences.id = due.id
      ), behind as (
        update sequence_runs run set missed = jsonb_build_object(
          'reason', coalesce(run.missed ->> 'reason', due.missed ->> 'reason', 'queue_behind'),
          'firstAt', coalesce(run.missed ->> 'firstAt', due.missed ->> 'firstAt', to_json(due.tick) #>> '{}'),
          'lastAt', coalesce(due.missed ->> 'lastAt', to_json(due.tick) #>> '{}'),
          'times', coalesce((run.missed ->> 'times')::int, 0) + coalesce((due.missed ->> 'times')::int, 1))
        from due where run.sequence_id = due.id and run.status = 'pending'
          and run.created_at < due.tick - interval '1 minute'
      )
      insert into sequence_runs (id, workspace_id, sequence_id, status, trigger, triggered_by, tick, missed)
      select gen_random_uuid(), "workspaceId", id, 'pending', 'schedule', 'Schedule', tick, missed from due
      on conflict do nothing`;
    return { due: due.length, pending };
  });
  if (!result) return 0;
  ctx.log.info(result, 'scheduled sequences queued');
  return result.due;
}

/** Counting them exactly is worth no more than this. */
const timesMax = 1_000;

/**
 * The next time, and what was missed before it because nobody was there. `next` is `null`, with a word in the log, where
 * the stored schedule can never fire again.
 */
function timesOf(
  ctx: ServiceContext,
  { tick, ...sequence }: DueSequence,
  now: Date,
): { readonly next: string | null; readonly missed: MissedTimes | null } {
  const late = now.getTime() - tick.getTime() > lateMsMax;
  const missed = { reason: 'no_worker', firstAt: tick } as const;
  try {
    const schedule = Schedule.parse(sequence.schedule);
    const after = (time: Date, count: number): Date[] =>
      nextTimes(schedule, { after: time, anchor: sequence.scheduleAnchor, count });
    const next = after(now, 1)[0]?.toISOString() ?? null;
    if (!late) return { next, missed: null };
    const others = after(tick, timesMax).filter((time) => time <= now);
    return { next, missed: { ...missed, lastAt: others.at(-1) ?? tick, times: 1 + others.length } };
  } catch (error) {
    ctx.log.error(
      { err: error, sequenceId: sequence.id },
      'the schedule of a sequence cannot be read; it is not run by itself',
    );
    return { next: null, missed: late ? { ...missed, lastAt: tick, times: 1 } : null };
  }
}
