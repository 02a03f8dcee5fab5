import type { SyncHealth, SyncPause } from '@sluice/domain/sync-health';

interface HealthRow {
  failures: number;
  pause: unknown;
  pausedUntil: Date | null;
}

/** The health of a sync as its row holds it. */
export function healthOf(row: HealthRow): SyncHealth {
  return { failures: row.failures, pause: pauseOf(row) };
}

/** The pause of a sync's row; `null` when its schedule goes on. */
export function pauseOf({ pause, pausedUntil }: Omit<HealthRow, 'failures'>): SyncPause | null {
  if (!pause) return null;
  const stored = pause as Omit<SyncPause, 'since' | 'until'> & { since: string };
  return { ...stored, since: new Date(stored.since), until: pausedUntil };
}

/** What the column `pause` holds: everything but `until`, which the scheduler compares. */
export function pauseJson(pause: SyncPause): Record<string, unknown> {
  const { until: _, since, ...rest } = pause;
  return { ...rest, since: since.toISOString() };
}
