'use client';

import type { RunView } from '@sluice/domain/run';
import { paceWords } from './pace-words.ts';
import { isRunning } from './run-status.ts';

/** How far a running run is, how fast, and how long it will still take; nothing once it has ended. */
export function RunProgress({ run }: { run: RunView }) {
  if (!isRunning(run.status)) return null;
  const percent = Math.round(Math.min(1, Math.max(0, run.completionRatio)) * 100);
  const words = [run.status === 'processing' ? `${percent} %` : null, ...paceWords(run.pace)];
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
        <span>{words.filter(Boolean).join(' · ')}</span>
      </p>
    </div>
  );
}
