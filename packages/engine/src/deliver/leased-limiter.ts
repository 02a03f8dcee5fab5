import { LeaseLost, type RequestLimiter } from '../ports.ts';

/**
 * The limiter, asking for the lease last of all, and again when the first byte leaves: a worker that stood still (a
 * paused machine, a blocked event loop) finds out before its next request and not after it, when another worker has long
 * sent newer values.
 */
export const leasedLimiter = (limiter: RequestLimiter, holdsLease: () => boolean): RequestLimiter => ({
  open(limits) {
    const gate = limiter.open(limits);
    const confirm = (): void => {
      gate.confirm?.();
      if (!holdsLease()) throw new LeaseLost();
    };
    return {
      ...gate,
      confirm,
      async admit(signal) {
        await gate.admit(signal);
        confirm();
      },
    };
  },
});
