import { Cron } from 'croner';
import { z } from 'zod';
import { SluiceError } from './error.ts';

export const intervalUnits = ['minute', 'hour', 'day', 'week'] as const;

export const weekdays = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;
export type Weekday = (typeof weekdays)[number];

const timezone = z.string().min(1).max(64);
const days = z.strictObject(
  Object.fromEntries(weekdays.map((day) => [day, z.boolean().optional()])) as Record<
    Weekday,
    z.ZodOptional<z.ZodBoolean>
  >,
);

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
  /** Times of the day on some weekdays. */
  z.strictObject({
    type: z.literal('visual'),
    schedule: z.strictObject({
      expressions: z
        .array(
          z.strictObject({
            days,
            time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write a time of the day such as 06:30.'),
          }),
        )
        .min(1, 'Add at least one time.')
        .max(50),
      timezone: timezone.default('UTC'),
    }),
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
 * first moment after the gap; one that repeats fires once. Times on weekdays behave like cron; two that coincide fire
 * once. Throws `schedule_invalid`.
 */
export function nextTimes(schedule: Schedule, options: { after: Date; anchor: Date; count: number }): Date[] {
  if (schedule.type === 'interval') {
    const { unit, quantity } = schedule.schedule.interval;
    const step = unitMs[unit] * quantity;
    const elapsed = options.after.getTime() - options.anchor.getTime();
    const first = options.anchor.getTime() + (Math.floor(elapsed / step) + 1) * step;
    return Array.from({ length: options.count }, (_, index) => new Date(first + index * step));
  }
  const times = cronsOf(schedule).flatMap((cron) => cron.nextRuns(options.count, options.after));
  const distinct = [...new Map(times.map((time) => [time.getTime(), time])).values()];
  return distinct.sort((a, b) => a.getTime() - b.getTime()).slice(0, options.count);
}

/** Throws `schedule_invalid` with a reason a person understands, unless the schedule can fire. */
export function assertSchedule(schedule: Schedule): void {
  if (schedule.type === 'interval') return;
  const crons = cronsOf(schedule);
  if (schedule.type === 'cron' && crons.every((cron) => cron.nextRun() === null)) {
    throw new SluiceError(
      'schedule_invalid',
      `"${schedule.schedule.expression}" never fires: no such date exists.`,
      { fix: 'Choose a day that the month has: 0 6 28 2 * is the morning of 28 February.' },
    );
  }
}

/** One cron for each expression. A time on weekdays is a cron of five fields too: `30 6 * * 1,3`. */
function cronsOf(schedule: Exclude<Schedule, { type: 'interval' }>): Cron[] {
  if (schedule.type === 'cron') return [cronOf(schedule.schedule)];
  const { expressions, timezone: zone } = schedule.schedule;
  return expressions.map(({ days: chosen, time }) => {
    const numbers = weekdays.flatMap((day, index) => (chosen[day] ? [index] : []));
    if (numbers.length === 0) {
      throw new SluiceError('schedule_invalid', `The time ${time} has no day.`, {
        fix: 'Choose at least one weekday for it, or remove the time.',
      });
    }
    const [hour, minute] = time.split(':').map(Number);
    return cronOf({ expression: `${minute} ${hour} * * ${numbers.join(',')}`, timezone: zone });
  });
}

function cronOf({ expression, timezone: zone }: { expression: string; timezone: string }): Cron {
  if (expression.trim().split(/\s+/).length !== 5) {
    throw new SluiceError(
      'schedule_invalid',
      'A cron expression has five fields: minute, hour, day of month, month, day of week.',
      { fix: 'Write all five, with * for "every": 0 6 * * 1 is every Monday at 06:00.' },
    );
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw new SluiceError(
      'schedule_invalid',
      `"${zone}" is not a time zone. Use an IANA name such as Europe/Zurich.`,
      { fix: 'Choose a zone of the IANA list, such as America/New_York, or UTC.' },
    );
  }
  try {
    return new Cron(expression.trim(), { timezone: zone, paused: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^CronPattern: /, '') : 'unknown';
    throw new SluiceError(
      'schedule_invalid',
      `The cron expression is not valid: ${reason.replace(/\.$/, '')}.`,
      {
        cause,
        fix: 'Minutes go from 0 to 59, hours 0 to 23, days 1 to 31, months 1 to 12, weekdays 0 to 7.',
      },
    );
  }
}
