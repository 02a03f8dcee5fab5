import { type EventCallState, startEventCalls } from '../event-calls/start-event-calls.ts';
import type { VendorServer } from '../vendor-server.ts';

export const rudderstackKey = 'rudderstack-write-key-0123';

/** A RudderStack data plane. */
export const startRudderstack = (): Promise<VendorServer<EventCallState>> =>
  startEventCalls({
    spec: 'rudderstack-http',
    writeKey: rudderstackKey,
    path: '/v1/batch',
    bytesMax: 4_000_000,
    taken: 'OK',
    refusal: (words) => words,
    refusesEmpty: true,
  });
