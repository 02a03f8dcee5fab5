import { lateMsMax, type MissReason } from '@sluice/domain/missed-schedule';
import { nextTimes, Schedule } from '@sluice/domain/schedule';
import type { ServiceContext } from '../context.ts';

/** A sync whose time has come. */
export interface DueSync {
  readonly id: number;
  readonly workspaceId: number;
  readonly schedule: unknown;
  readonly scheduleAnchor: Date;
  readonly tick: Date;
  /** Its schedule holds still … */
  readonly held: boolean;
  /** … until then; `null` = until something changes. */
  readonly pausedUntil: Date | null;
  /** A run that waits for its turn since well before the tick. */
  readonly waitingRunId: number | null;
}

/** What becomes of a tick; times in ISO. */
export interface PlannedTick {
  readonly id: number;
  readonly workspaceId: number;
  readonly tick: string;
  readonly next: string | null;
  /** Whether a run is queued for it, unless one waits already. */
  readonly fires: boolean;
  /** Why the tick, and `times` - 1 after it, started no run when they should have. */
  readonly reason: MissReason | null;
  readonly lastAt: string;
  readonly times: number;
  readonly waitingRunId: number | null;
}

/** Counting them exactly is worth no more than this. */
const timesMax = 1_000;

/**
 * Decides about a tick. A schedule that cannot be read fires this once and never again, with a word in the log.
 * One that holds until a time fires next at that time, once for all ticks before it.
 */
export function planTick(ctx: Pick<ServiceContext, 'log'>, sync: DueSync, now: Date): PlannedTick {
  const { id, workspaceId, tick, held, waitingRunId } = sync;
  const until = held ? (sync.pausedUntil ?? now) : now;
  const late = now.getTime() - tick.getTime() > lateMsMax;
  const behind: MissReason | null = waitingRunId === null ? null : 'queue_behind';
  const reason: MissReason | null = held ? 'paused' : late ? 'no_worker' : behind;
  const base = { id, workspaceId, tick: tick.toISOString(), fires: !held, reason, waitingRunId };
  try {
    const schedule = Schedule.parse(sync.schedule);
    const timesAfter = (after: Date, count: number) =>
      nextTimes(schedule, { after, anchor: sync.scheduleAnchor, count });
    const missed = reason === null ? [] : upTo(until, timesAfter(tick, timesMax));
    const next = held && sync.pausedUntil ? sync.pausedUntil : timesAfter(now, 1)[0];
    return {
      ...base,
      next: next?.toISOString() ?? null,
      lastAt: (missed.at(-1) ?? tick).toISOString(),
      times: missed.length + 1,
    };
  } catch (error) {
    ctx.log.error(
      { err: error, syncId: id },
      'the schedule of a sync cannot be read; it is not run by itself',
    );
    return { ...base, next: null, lastAt: base.tick, times: 1 };
  }
}

const upTo = (end: Date, times: readonly Date[]): Date[] => times.filter((time) => time < end);
