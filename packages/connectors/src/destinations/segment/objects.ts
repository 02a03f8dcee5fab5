import { eventCallObjects } from '../../kit/event-calls/objects.ts';
import { delivered, unexplained } from '../../kit/http/route.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';

/**
 * A request below 500 KB, each call below 32 KB, 1,000 requests a second for a workspace. Segment answers 200 to whatever
 * it can read; what its own destinations refuse later shows there.
 * https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/ (read 2026-11-22)
 */
export const batch = { rows: 500, bytes: 490_000, recordBytes: 32_000 };

export const objects = eventCallObjects(
  {
    batch,
    path: '/batch',
    answer: 'json',
    traitsOf: (traits) => ({ traits }),
    read: ({ body }, rows) => {
      const taken = valueAtPath(body, 'success') === true;
      return Array.from({ length: rows }, () => (taken ? delivered : unexplained('Segment')));
    },
  },
  { batchRowsMax: 500, concurrency: 4, requests: [{ count: 500, perMs: 1000 }] },
);
