import { type Schedule, type Weekday, weekdays } from '@sluice/domain/schedule';

/**
 * A schedule in a few words: `Every hour`, `Every 15 minutes`, `0 6 * * 1-5 (Europe/Zurich)`,
 * `Mon, Wed 06:30 (UTC)`, `Manual`.
 */
export function scheduleWords(schedule: Schedule | null): string {
  if (schedule === null) return 'Manual';
  if (schedule.type === 'cron') return `${schedule.schedule.expression} (${schedule.schedule.timezone})`;
  if (schedule.type === 'visual') {
    const { expressions, timezone } = schedule.schedule;
    return `${expressions.map(({ days, time }) => `${daysWords(days)} ${time}`).join('; ')} (${timezone})`;
  }
  const { unit, quantity } = schedule.schedule.interval;
  return quantity === 1 ? `Every ${unit}` : `Every ${quantity} ${unit}s`;
}

/** `Every day`, `Mon–Fri`, `Mon, Wed`. */
function daysWords(days: Partial<Record<Weekday, boolean | undefined>>): string {
  const chosen = mondayFirst.filter((day) => days[day]);
  if (chosen.length === 7) return 'Every day';
  if (chosen.join() === workdays.join()) return 'Mon–Fri';
  return chosen.map((day) => day.slice(0, 1).toUpperCase() + day.slice(1, 3)).join(', ');
}

const mondayFirst = [...weekdays.slice(1), weekdays[0]];
const workdays = mondayFirst.slice(0, 5);
