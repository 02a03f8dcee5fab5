import { Cron } from 'croner';
import { z } from 'zod';
import { SluiceError } from './error.ts';

export const intervalUnits = ['minute', 'hour', 'day', 'week'] as const;

const timezone = z.string().min(1).max(64);

/** When a sync runs by itself; `null` elsewhere means only by hand or by the API. */
export const Schedule = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('interval'),
    schedule: z.strictObject({
      interval: z.strictObject({ unit: z.enum(intervalUnits), quantity: z.number().int().min(1).max(1000) }),
    }),
  }),
  z.strictObject({
    type: z.literal('cron'),
    schedule: z.strictObject({ expression: z.string().min(1).max(200), timezone: timezone.default('UTC') }),
  }),
]);
export type Schedule = z.infer<typeof Schedule>;
export type ScheduleInput = z.input<typeof Schedule>;

const unitMs: Record<(typeof intervalUnits)[number], number> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/**
 * The next `count` times strictly after `after`. Interval times are counted from `anchor`, so a late run does not
 * shift them. Cron is five fields in the schedule's zone: a local time that daylight saving skips fires once, at the
 * first moment after the gap; one that repeats fires once. Throws `schedule_invalid`.
 */
export function nextTimes(schedule: Schedule, options: { after: Date; anchor: Date; count: number }): Date[] {
  if (schedule.type === 'interval') {
    const { unit, quantity } = schedule.schedule.interval;
    const step = unitMs[unit] * quantity;
    const elapsed = options.after.getTime() - options.anchor.getTime();
    const first = options.anchor.getTime() + (Math.floor(elapsed / step) + 1) * step;
    return Array.from({ length: options.count }, (_, index) => new Date(first + index * step));
  }
  return cronOf(schedule.schedule).nextRuns(options.count, options.after);
}

/** Throws `schedule_invalid` with a reason a person understands, unless the schedule can fire. */
export function assertSchedule(schedule: Schedule): void {
  if (schedule.type === 'interval') return;
  if (cronOf(schedule.schedule).nextRun() === null) {
    throw new SluiceError(
      'schedule_invalid',
      `"${schedule.schedule.expression}" never fires: no such date exists.`,
    );
  }
}

function cronOf({ expression, timezone: zone }: { expression: string; timezone: string }): Cron {
  if (expression.trim().split(/\s+/).length !== 5) {
    throw new SluiceError(
      'schedule_invalid',
      'A cron expression has five fields: minute, hour, day of month, month, day of week.',
    );
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw new SluiceError(
      'schedule_invalid',
      `"${zone}" is not a time zone. Use an IANA name such as Europe/Zurich.`,
    );
  }
  try {
    return new Cron(expression.trim(), { timezone: zone, paused: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^CronPattern: /, '') : 'unknown';
    throw new SluiceError('schedule_invalid', `The cron expression is not valid: ${reason}`, { cause });
  }
}
