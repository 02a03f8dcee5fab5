import type { HttpAnswer, ReceivedRequest } from '../../http-server.ts';
import { startVendor, type VendorServer } from '../vendor-server.ts';

/** A call as it arrived. */
export interface EventCall {
  readonly type: string;
  readonly messageId: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly groupId?: string;
  readonly event?: string;
  readonly timestamp?: string;
  readonly traits?: Record<string, unknown>;
  readonly properties?: Record<string, unknown>;
  readonly context?: { traits?: Record<string, unknown> };
}

/** What the fake source has taken: calls by their `messageId`, so that repetitions count once. */
export interface EventCallState {
  readonly calls: Map<string, EventCall>;
}

/** What tells one vendor of `identify`, `group` and `track` from another. */
export interface EventCallVendorParts {
  readonly spec: string | null;
  readonly writeKey: string;
  readonly path: string;
  readonly bytesMax: number;
  /** The body of a good answer. */
  readonly taken: unknown;
  /** The body of a refusal. */
  readonly refusal: (words: string) => unknown;
  /** A batch without calls is refused. */
  readonly refusesEmpty: boolean;
}

/** Takes whatever it can read, and drops repetitions of a `messageId`. */
export function startEventCalls(parts: EventCallVendorParts): Promise<VendorServer<EventCallState>> {
  const refuse = (status: number, words: string): HttpAnswer => ({ status, body: parts.refusal(words) });
  const handle = (request: ReceivedRequest, { calls }: EventCallState): HttpAnswer => {
    if (request.path !== parts.path) return refuse(404, 'no such path');
    if (Buffer.byteLength(request.body) > parts.bytesMax) return refuse(413, 'Request size too large');
    const { batch } = request.json<{ batch: EventCall[] }>();
    if (parts.refusesEmpty && batch.length === 0) return refuse(400, 'Empty batch payload');
    if (batch.some((call) => Buffer.byteLength(JSON.stringify(call)) > 32_768))
      return refuse(400, 'a call is larger than 32 KB');
    if (!batch.every(({ type, userId, anonymousId }) => type && (userId || anonymousId)))
      return refuse(400, 'a call is about nobody');
    for (const call of batch) calls.set(call.messageId, call);
    return { body: parts.taken };
  };
  return startVendor<EventCallState>({
    spec: parts.spec,
    state: { calls: new Map() },
    authorised: ({ headers }) =>
      headers.authorization === `Basic ${Buffer.from(`${parts.writeKey}:`).toString('base64')}`,
    unauthorised: refuse(401, 'Invalid Authorization Header'),
    handle,
  });
}
