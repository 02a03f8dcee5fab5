import { SluiceError } from '@sluice/domain/error';
import { Schedule } from '@sluice/domain/schedule';
import { inputError } from '../input-error.ts';

/**
 * The schedule of a body; `undefined` when it holds none. The contract leaves the word in `type` open, so the parts of
 * `schedule` decide what kind it is. Throws `input_invalid`.
 */
export function scheduleOf(given: Record<string, unknown> | null | undefined): Schedule | null | undefined {
  if (given === undefined || given === null) return given;
  if (Object.keys(given).length === 0) return null;
  const parsed = Schedule.safeParse({ ...given, type: typeOf(given) });
  if (parsed.success) return parsed.data;
  const { fields } = inputError(parsed.error);
  throw new SluiceError('input_invalid', 'The schedule is not valid.', {
    fields: Object.fromEntries(
      Object.entries(fields ?? {}).map(([path, text]) => [`schedule.${path}`, text]),
    ),
    fix: 'Send null, {"type":"interval","schedule":{"interval":{"unit":"hour","quantity":1}}}, {"type":"cron","schedule":{"expression":"0 6 * * *"}} or {"type":"visual","schedule":{"expressions":[{"days":{"monday":true},"time":"06:30"}]}}.',
  });
}

/** A schedule as the contract writes it: times are in UTC unless a zone is named. */
export function scheduleJson(
  schedule: Schedule | null,
): { type: string; schedule: Record<string, unknown> } | null {
  if (schedule === null || schedule.type === 'interval') return schedule;
  const { timezone, ...parts } = schedule.schedule;
  return { type: schedule.type, schedule: timezone === 'UTC' ? parts : { ...parts, timezone } };
}

function typeOf({ type, schedule }: Record<string, unknown>): unknown {
  const parts = typeof schedule === 'object' && schedule !== null ? schedule : {};
  if ('account' in parts || 'job' in parts) {
    throw new SluiceError('input_invalid', 'Schedules that follow a dbt Cloud job do not exist here.', {
      fields: { 'schedule.schedule': 'Use an interval, a cron expression or times on weekdays.' },
      fix: 'Let the job call POST /syncs/{id}/trigger when it has ended.',
    });
  }
  if ('interval' in parts) return 'interval';
  if ('expressions' in parts) return 'visual';
  return 'expression' in parts ? 'cron' : type;
}
