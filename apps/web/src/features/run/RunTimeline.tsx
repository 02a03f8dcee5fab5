'use client';

import type { RunView } from '@sluice/domain/run';
import { classNames } from '@sluice/ui/class-names';
import { durationText } from '@sluice/ui/Time';
import { Tooltip } from '@sluice/ui/Tooltip';
import { failedStage, isRunning, stageWords } from './run-status.ts';
import { stageBars } from './stage-bars.ts';
import { useNow } from './use-now.ts';

/** The five stages of a run on one scale; the current one has a live timer, what has not begun is faint. */
export function RunTimeline({ run }: { run: RunView }) {
  const running = isRunning(run.status);
  const now = useNow(running);
  const end = running ? now : (run.finishedAt ?? now);
  const bars = stageBars(run.stages, end, !running);
  return (
    <ol aria-label="Stages of the run" className="flex flex-col gap-1.5">
      {bars.map((bar) => {
        const words = stageWords[bar.stage];
        const failed = bar.stage === failedStage(run);
        return (
          <li
            key={bar.stage}
            aria-current={bar.state === 'current' ? 'step' : undefined}
            className={classNames(
              'grid grid-cols-[4.5rem_minmax(0,1fr)_5.5rem] items-center gap-3 text-sm',
              (bar.state === 'waiting' || bar.state === 'skipped') && 'text-faint',
            )}
          >
            <Tooltip content={words.description}>
              <span className={bar.state === 'current' ? 'font-medium text-ink' : undefined}>
                {words.label}
              </span>
            </Tooltip>
            <span aria-hidden="true" className="relative h-4 rounded-sm bg-sunken">
              {bar.durationMs !== null && (
                <span
                  className={classNames(
                    'absolute inset-y-0.5 rounded-xs border-x-2',
                    failed
                      ? 'border-critical bg-critical-line'
                      : bar.state === 'current'
                        ? 'border-accent bg-accent-line'
                        : bar.stage === 'queued'
                          ? 'border-line-strong bg-line'
                          : 'border-accent bg-accent-line',
                  )}
                  style={{ left: `${bar.offset}%`, width: `${bar.width}%` }}
                />
              )}
            </span>
            <span className="tabular text-right text-xs">
              {bar.durationMs === null
                ? bar.state === 'skipped'
                  ? bar.stage === 'extract' && run.kind !== 'sync'
                    ? 'not needed'
                    : 'not reached'
                  : '–'
                : durationText(bar.durationMs)}
              {bar.state === 'current' && <span className="sr-only"> so far</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
