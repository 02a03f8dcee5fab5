import type { Schedule } from '@sluice/domain/schedule';

/** A schedule in a few words: `Every hour`, `Every 15 minutes`, `0 6 * * 1-5 (Europe/Zurich)`, `Manual`. */
export function scheduleWords(schedule: Schedule | null): string {
  if (schedule === null) return 'Manual';
  if (schedule.type === 'cron') return `${schedule.schedule.expression} (${schedule.schedule.timezone})`;
  const { unit, quantity } = schedule.schedule.interval;
  return quantity === 1 ? `Every ${unit}` : `Every ${quantity} ${unit}s`;
}
