'use client';

import type { RunView } from '@sluice/domain/run';
import { durationText } from '@sluice/ui/Time';
import { runRate } from './run-rate.ts';
import { isRunning } from './run-status.ts';
import { useNow } from './use-now.ts';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** How far a running run is, how fast, and how long it will still take; nothing once it has ended. */
export function RunProgress({ run }: { run: RunView }) {
  const running = isRunning(run.status);
  const now = useNow(running);
  if (!running) return null;
  const deliver = run.stages.find((stage) => stage.stage === 'deliver');
  const rate = deliver?.finishedAt ? null : runRate(run.counts, deliver?.startedAt ?? null, now);
  const percent = Math.round(Math.min(1, Math.max(0, run.completionRatio)) * 100);
  return (
    <div className="flex flex-col gap-1.5">
      <div
        role="progressbar"
        aria-label="Progress of the run"
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        className="h-1.5 overflow-hidden rounded-full bg-pressed"
      >
        <div
          className="h-full origin-left rounded-full bg-accent transition-transform duration-300"
          style={{ transform: `scaleX(${percent / 100})` }}
        />
      </div>
      <p className="tabular flex flex-wrap justify-between gap-x-4 text-muted text-xs">
        <span>{run.cancelRequestedAt ? 'Stopping after the batches on their way.' : run.progress}</span>
        <span>
          {percent} %
          {rate &&
            ` · ${number.format(rate.rowsPerSecond)} rows a second · ${rate.leftMs < 1000 ? 'almost done' : `${durationText(Math.round(rate.leftMs / 1000) * 1000)} left`}`}
        </span>
      </p>
    </div>
  );
}
