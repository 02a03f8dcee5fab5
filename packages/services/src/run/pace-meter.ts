import { type RunCounts, sumCounts, sumSent } from '@sluice/domain/change';
import { type PaceSample, paceOf, paceWindowMs, type RunPace } from '@sluice/domain/run-pace';

/** Measures the pace of what a run does at the moment: reading, then sending. */
export interface PaceMeter {
  /** Takes note of how far the run is. */
  note(counts: RunCounts, at: number): void;
  pace(at: number): RunPace | null;
  /** Forgets what it saw: something else is done now. */
  reset(): void;
}

/** So close together samples say nothing new. */
const distanceMs = 500;

/** Keeps at most a window of samples. */
export function createPaceMeter(): PaceMeter {
  let samples: PaceSample[] = [];
  let sending = false;
  let rows = 0;
  let left: number | null = null;
  return {
    note(counts, at) {
      const planned = sumSent(counts);
      sending = planned > 0;
      rows = sending ? settledRows(counts) : counts.queried;
      left = sending ? Math.max(0, planned - rows) : null;
      const last = samples.at(-1);
      if (last && at - last.at < distanceMs) return;
      samples = [...samples.filter((sample) => sample.at >= at - paceWindowMs), { at, rows }];
    },
    reset: () => {
      samples = [];
    },
    pace: (at) => paceOf(samples, { at, rows }, left),
  };
}

const settledRows = (counts: RunCounts): number =>
  sumCounts(counts.delivered) + sumCounts(counts.rejected) + sumCounts(counts.uncertain);
