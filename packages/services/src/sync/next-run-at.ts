import { SluiceError } from '@sluice/domain/error';
import { assertSchedule, nextTimes, type Schedule } from '@sluice/domain/schedule';

/** When a sync runs by itself next: never without a schedule, or while it is disabled. */
export function nextRunAt(
  sync: { schedule: Schedule | null; disabled: boolean; anchor: Date },
  now: Date,
): Date | null {
  if (sync.schedule === null || sync.disabled) return null;
  return nextTimes(sync.schedule, { after: now, anchor: sync.anchor, count: 1 })[0] ?? null;
}

/** Throws `schedule_invalid` at the field `schedule`, unless there is none or it can fire. */
export function assertSyncSchedule(schedule: Schedule | null): void {
  if (schedule === null) return;
  try {
    assertSchedule(schedule);
  } catch (err) {
    if (!(err instanceof SluiceError)) throw err;
    throw new SluiceError(err.code, err.message, {
      fields: { schedule: err.message },
      fix: err.fix,
      cause: err,
    });
  }
}
