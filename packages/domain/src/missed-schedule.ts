/**
 * Why a schedule started no run at its time. `paused`: it holds still (`SyncPause`). `no_worker`: nobody was there to
 * start it. `queue_behind`: a run of the sync was still waiting for its turn.
 */
export const missReasons = ['paused', 'no_worker', 'queue_behind'] as const;
export type MissReason = (typeof missReasons)[number];

/** Times that a schedule missed, one after the other, for one reason. However many, one run makes up for them. */
export interface MissedSchedule {
  id: number;
  reason: MissReason;
  firstAt: Date;
  lastAt: Date;
  times: number;
  /** The run that makes up for them; `null` before there is one. */
  runId: number | null;
  /** `null` while the schedule still does not fire. */
  endedAt: Date | null;
}

/** What a run of a sequence makes up for. */
export type MissedTimes = Pick<MissedSchedule, 'reason' | 'firstAt' | 'lastAt' | 'times'>;

/** So late a scheduled time counts as missed, in milliseconds: workers look every second. */
export const lateMsMax = 120_000;

/** Since when the schedule should have fired, when it is late and nothing holds it: no worker is there to do it. */
export function overdueSince(sync: { nextRunAt: Date | null; disabled: boolean }, now: Date): Date | null {
  if (sync.disabled || sync.nextRunAt === null) return null;
  return now.getTime() - sync.nextRunAt.getTime() > lateMsMax ? sync.nextRunAt : null;
}
