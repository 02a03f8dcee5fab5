import type { WriterLimits } from '../../kit/destination.ts';

/** https://www.braze.com/docs/api/api_limits/ (2026-11) */
export const trackLimits: WriterLimits = {
  batchRowsMax: 75,
  concurrency: 8,
  requests: [{ count: 3000, perMs: 3000 }],
};
export const subscriptionLimits: WriterLimits = {
  batchRowsMax: 50,
  concurrency: 4,
  requests: [{ count: 5000, perMs: 60_000 }],
};
export const catalogLimits: WriterLimits = {
  batchRowsMax: 50,
  concurrency: 4,
  requests: [{ count: 16_000, perMs: 60_000 }],
};
