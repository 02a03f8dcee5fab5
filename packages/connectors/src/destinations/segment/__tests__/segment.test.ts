import { segmentKey, startSegment } from '@sluice/testing/vendors/segment/start-segment';
import { askEventCalls } from '../../../kit/event-calls/__tests__/ask-event-calls.ts';
import { segmentDestination } from '../definition.ts';

askEventCalls({
  definition: segmentDestination,
  start: startSegment,
  writeKey: segmentKey,
  traitsOf: ({ traits }) => traits,
  bytesMax: 500_000,
});
