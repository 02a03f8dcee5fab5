import { segmentKey, startSegment } from '@sluice/testing/vendors/segment/start-segment';
import { apiCase } from '../../../__tests__/api-case.ts';

export const segmentCase = apiCase({
  start: startSegment,
  working: (url) => ({ writeKey: segmentKey, baseUrl: url }),
  wrongCredentials: (url) => ({ writeKey: 'not-the-key', baseUrl: url }),
  sync: {
    object: 'users',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'userId' },
    mappings: [{ type: 'column', from: 'name', to: 'name' }],
  },
  record: (number) => ({ match: `p${number}`, fields: { name: `n${number}` } }),
  poison: { match: '', fields: { name: 'nobody' } },
  // A second identify of the same person changes nothing.
  held: ({ calls }) => new Set([...calls.values()].map(({ userId }) => userId)).size,
});
