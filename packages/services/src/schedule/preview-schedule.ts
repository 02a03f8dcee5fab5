import { type Actor, authorise } from '@sluice/domain/actor';
import { assertSchedule, nextTimes, type Schedule } from '@sluice/domain/schedule';

/** The next five times a schedule that is saved now would fire. Throws `schedule_invalid`. */
export function previewSchedule(actor: Actor, input: { schedule: Schedule }): { times: Date[] } {
  authorise(actor, 'catalog.read');
  assertSchedule(input.schedule);
  const now = new Date();
  return { times: nextTimes(input.schedule, { after: now, anchor: now, count: 5 }) };
}
