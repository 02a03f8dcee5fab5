import type { WriterLimits } from '../../kit/destination.ts';

/** Customer.io advises 100 requests a second. https://docs.customer.io/api/track/#tag/Track-API-limits (2026-11) */
export const limits: WriterLimits = {
  batchRowsMax: 1000,
  concurrency: 4,
  requests: [{ count: 100, perMs: 1000 }],
};
