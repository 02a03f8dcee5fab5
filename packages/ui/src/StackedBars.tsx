'use client';

import { classNames } from './class-names.ts';
import { Tooltip } from './Tooltip.tsx';

const tones = {
  accent: 'bg-accent',
  critical: 'bg-critical',
  caution: 'bg-caution',
  positive: 'bg-positive',
};

export interface BarSeries {
  id: string;
  label: string;
  tone: keyof typeof tones;
}

export interface BarPoint {
  /** Below the bar: "14 Nov". */
  label: string;
  values: Readonly<Record<string, number>>;
  /** More lines for the tooltip: "3 runs". */
  note?: string;
}

const whole = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/**
 * Bars over time, one per point, series stacked in their order from the bottom. The numbers are a table for screen
 * readers; others find them on hover.
 */
export function StackedBars({
  label,
  series,
  points,
}: {
  label: string;
  series: readonly BarSeries[];
  points: readonly BarPoint[];
}) {
  const top = niceCeiling(Math.max(1, ...points.map((point) => total(point, series))));
  return (
    <figure className="flex min-w-0 flex-col gap-3">
      <div aria-hidden="true" className="relative mt-2 flex h-36 items-end gap-1 pr-10 sm:gap-1.5">
        {[1, 0.5, 0].map((share) => (
          <div
            key={share}
            style={{ bottom: `${share * 100}%` }}
            className={classNames(
              'absolute right-0 left-0 h-0 border-t text-right text-2xs text-faint',
              share > 0 && 'border-dashed',
            )}
          >
            <span className="tabular relative -top-2 inline-block bg-surface pl-1.5 leading-4">
              {compact.format(top * share)}
            </span>
          </div>
        ))}
        {points.map((point) => (
          <Tooltip key={point.label} content={<BarNumbers point={point} series={series} />}>
            <div className="group relative z-raised flex h-full min-w-0 flex-1 flex-col-reverse items-center">
              {series.map(({ id, tone }) => {
                const value = point.values[id] ?? 0;
                return (
                  <div
                    key={id}
                    // A single row among a hundred thousand is still there to be seen.
                    style={{ height: value === 0 ? 0 : `max(3px, ${(value / top) * 100}%)` }}
                    className={classNames(
                      'w-full max-w-9 shrink-0 transition-opacity last:rounded-t-sm group-hover:opacity-80',
                      tones[tone],
                    )}
                  />
                );
              })}
            </div>
          </Tooltip>
        ))}
      </div>
      <div aria-hidden="true" className="flex justify-between pr-10 text-2xs text-faint">
        <span>{points[0]?.label}</span>
        <span>{points.at(-1)?.label}</span>
      </div>
      <figcaption className="flex flex-wrap gap-x-4 gap-y-1 text-muted text-xs">
        <span className="sr-only">{label}</span>
        {series.map(({ id, label: name, tone }) => (
          <span key={id} className="inline-flex items-center gap-1.5">
            <span aria-hidden="true" className={classNames('size-2 rounded-sm', tones[tone])} />
            {name} <span className="tabular text-ink">{whole.format(sum(points, id))}</span>
          </span>
        ))}
      </figcaption>
      <table className="sr-only">
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            {series.map(({ id, label: name }) => (
              <th key={id} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.label}>
              <th scope="row">{point.label}</th>
              {series.map(({ id }) => (
                <td key={id}>{whole.format(point.values[id] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function BarNumbers({ point, series }: { point: BarPoint; series: readonly BarSeries[] }) {
  return (
    <span className="flex flex-col">
      <span className="font-medium">{point.label}</span>
      {series.map(({ id, label }) => (
        <span key={id} className="tabular">
          {whole.format(point.values[id] ?? 0)} {label.toLowerCase()}
        </span>
      ))}
      {point.note && <span>{point.note}</span>}
    </span>
  );
}

const total = (point: BarPoint, series: readonly BarSeries[]) =>
  series.reduce((running, { id }) => running + (point.values[id] ?? 0), 0);

const sum = (points: readonly BarPoint[], id: string) =>
  points.reduce((running, point) => running + (point.values[id] ?? 0), 0);

/** The next of 1, 2, 5, 10, 20 … at or above the value. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}
