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
 * while nobody was there become one run. A sequence with a pending run already is served by that one. Rows that another
 * worker holds are left to it. Answers how many were due.
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
      next: nextTime(ctx, sequence, sequence.now)?.toISOString() ?? null,
    }));
    // A tick that fired before, or a run that is pending already, makes the insert do nothing.
    const pending = await tx.$executeRaw`
      with due as (
        select * from jsonb_to_recordset(${JSON.stringify(planned)}::jsonb)
          as due(id uuid, "workspaceId" int, tick timestamptz, next timestamptz)
      ), moved as (
        update sequences set next_run_at = due.next from due where sequences.id = due.id
      )
      insert into sequence_runs (id, workspace_id, sequence_id, status, trigger, triggered_by, tick)
      select gen_random_uuid(), "workspaceId", id, 'pending', 'schedule', 'Schedule', tick from due
      on conflict do nothing`;
    return { due: due.length, pending };
  });
  if (!result) return 0;
  ctx.log.info(result, 'scheduled sequences queued');
  return result.due;
}

/** `null`, with a word in the log, where the stored schedule can never fire again. */
function nextTime(ctx: ServiceContext, sequence: DueSequence, now: Date): Date | null {
  try {
    const schedule = Schedule.parse(sequence.schedule);
    return nextTimes(schedule, { after: now, anchor: sequence.scheduleAnchor, count: 1 })[0] ?? null;
  } catch (error) {
    ctx.log.error(
      { err: error, sequenceId: sequence.id },
      'the schedule of a sequence cannot be read; it is not run by itself',
    );
    return null;
  }
}
