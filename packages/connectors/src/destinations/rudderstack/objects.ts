import { eventCallObjects } from '../../kit/event-calls/objects.ts';
import { delivered } from '../../kit/http/route.ts';

/**
 * A request below 4 MB, each call below 32 KB. A good answer is the word OK; what RudderStack's own destinations refuse
 * later shows there. https://www.rudderstack.com/docs/api/http-api/ (read 2026-11-22)
 */
export const batch = { rows: 2000, bytes: 3_900_000, recordBytes: 32_000 };

export const objects = eventCallObjects(
  {
    batch,
    path: '/v1/batch',
    answer: 'text',
    traitsOf: (traits) => ({ context: { traits } }),
    read: (_answer, rows) => Array.from({ length: rows }, () => delivered),
  },
  { batchRowsMax: 2000, concurrency: 4, requests: [] },
);
