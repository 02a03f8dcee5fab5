'use client';

import type { OverviewView } from '@sluice/domain/workspace';
import { Card } from '@sluice/ui/Card';
import { type BarPoint, type BarSeries, StackedBars } from '@sluice/ui/StackedBars';

const series: readonly BarSeries[] = [
  { id: 'delivered', label: 'Delivered', tone: 'accent' },
  { id: 'rejected', label: 'Rejected', tone: 'critical' },
];

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Rows of the last 14 days. */
export function Activity({ days }: { days: OverviewView['activity'] }) {
  const runs = days.reduce((running, day) => running + day.runs, 0);
  return (
    <Card title="Rows of the last 14 days" description="By the day a run ended, in UTC.">
      {runs === 0 ? (
        <p className="py-6 text-center text-muted text-sm">
          No run has ended in the last 14 days. Delivered and rejected rows appear here once one has.
        </p>
      ) : (
        <StackedBars label="Rows delivered and rejected a day" series={series} points={days.map(pointOf)} />
      )}
    </Card>
  );
}

function pointOf(day: OverviewView['activity'][number]): BarPoint {
  const runs = `${day.runs} ${day.runs === 1 ? 'run' : 'runs'}`;
  return {
    label: dayFormat.format(new Date(`${day.day}T00:00:00Z`)),
    values: { delivered: day.delivered, rejected: day.rejected },
    note: day.failedRuns > 0 ? `${runs}, ${day.failedRuns} failed` : runs,
  };
}
