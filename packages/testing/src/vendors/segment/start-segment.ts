import { type EventCallState, startEventCalls } from '../event-calls/start-event-calls.ts';
import type { VendorServer } from '../vendor-server.ts';

export const segmentKey = 'segment-write-key-0123';

/** The tracking API of Segment, as its documentation describes it. */
export const startSegment = (): Promise<VendorServer<EventCallState>> =>
  startEventCalls({
    spec: null,
    writeKey: segmentKey,
    path: '/batch',
    bytesMax: 500_000,
    taken: { success: true },
    refusal: (message) => ({ success: false, message }),
    refusesEmpty: false,
  });
