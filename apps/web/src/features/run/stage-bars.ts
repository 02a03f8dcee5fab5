import type { StageTiming } from '@sluice/domain/run';
import { type RunStage, runStages } from '@sluice/domain/run-status';

/** One bar of the timeline: where it lies between the start of the run and now, in percent. */
export interface StageBar {
  stage: RunStage;
  /** `waiting`: not begun (yet); `skipped`: the run ended without it. */
  state: 'done' | 'current' | 'waiting' | 'skipped';
  offset: number;
  width: number;
  durationMs: number | null;
}

/**
 * The bars of a run's timeline. `now` is the current time while the run goes on and its end afterwards. Every stage
 * is there; a stage that took almost no time keeps a visible width.
 */
export function stageBars(stages: readonly StageTiming[], now: Date, ended: boolean): StageBar[] {
  const start = Math.min(...stages.map((timing) => timing.startedAt.getTime()), now.getTime());
  const total = Math.max(1, now.getTime() - start);
  return runStages.map((stage) => {
    const timings = stages.filter((timing) => timing.stage === stage);
    const first = timings[0];
    const last = timings.at(-1);
    if (!first || !last) {
      return { stage, state: ended ? 'skipped' : 'waiting', offset: 100, width: 0, durationMs: null };
    }
    const from = first.startedAt.getTime();
    const to = (last.finishedAt ?? now).getTime();
    const width = Math.min(100, Math.max(0.8, ((to - from) / total) * 100));
    return {
      stage,
      state: last.finishedAt || ended ? 'done' : 'current',
      offset: Math.min(100 - width, Math.max(0, ((from - start) / total) * 100)),
      width,
      durationMs: Math.max(0, to - from),
    };
  });
}
