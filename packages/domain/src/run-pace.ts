/** How fast a run goes right now. */
export interface RunPace {
  /** Rows read (while the model is read) or rows with an outcome (while they are sent), a second. */
  rowsPerSecond: number;
  /** Milliseconds until all rows have an outcome, at this pace; `null` where that would be a guess. */
  leftMs: number | null;
}

/** How many rows were done at a moment (milliseconds of any clock that only goes forward). */
export interface PaceSample {
  readonly at: number;
  readonly rows: number;
}

/** What happened longer ago says nothing about now. */
export const paceWindowMs = 20_000;
/** Over less time a rate is noise. */
const spanMsMin = 2_000;

/**
 * The pace over the last 20 seconds; `null` before two seconds have been seen. A run that stands still has the rate 0 and
 * no time left: nobody knows. `left` is the number of rows to go, `null` where nobody knows that either.
 */
export function paceOf(samples: readonly PaceSample[], now: PaceSample, left: number | null): RunPace | null {
  const first = samples.find(({ at }) => at >= now.at - paceWindowMs);
  if (!first || now.at - first.at < spanMsMin) return null;
  const rowsPerSecond = Math.max(0, (now.rows - first.rows) / ((now.at - first.at) / 1000));
  const leftMs = left === null || rowsPerSecond === 0 ? null : Math.round((left / rowsPerSecond) * 1000);
  return { rowsPerSecond: Math.round(rowsPerSecond * 10) / 10, leftMs };
}
