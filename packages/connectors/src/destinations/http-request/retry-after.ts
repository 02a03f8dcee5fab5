import { retryAfterMs as readRetryAfter } from '../../kit/retry-after.ts';

/** Longest pause that an answer can ask for. */
const pauseMaxMs = 15 * 60 * 1000;

/** Milliseconds that an answer asks to wait, at most 15 minutes; `undefined` when it does not ask. */
export const retryAfterMs = (header: string | undefined, now: number): number | undefined =>
  readRetryAfter(header, now, pauseMaxMs);
