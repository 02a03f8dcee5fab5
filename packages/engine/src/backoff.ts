/** Nobody waits longer between two tries, unless the other side asks for it. */
const backoffMsMax = 60_000;

/** How long to wait after try number `attempt`, from 1: exponential, with full jitter, ms. */
export const fullJitter = (attempt: number, baseMs: number): number =>
  Math.random() * Math.min(backoffMsMax, baseMs * 2 ** attempt);
