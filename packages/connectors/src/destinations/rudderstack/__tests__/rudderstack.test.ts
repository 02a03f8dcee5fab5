import { rudderstackKey, startRudderstack } from '@sluice/testing/vendors/rudderstack/start-rudderstack';
import { askEventCalls } from '../../../kit/event-calls/__tests__/ask-event-calls.ts';
import { rudderstackDestination } from '../definition.ts';

askEventCalls({
  definition: rudderstackDestination,
  start: startRudderstack,
  writeKey: rudderstackKey,
  traitsOf: ({ context }) => context?.traits,
  bytesMax: 4_000_000,
});
