import { type HttpAnswer, type HttpServer, type ReceivedRequest, startHttpServer } from '../http-server.ts';
import { openVendorSpec } from './vendor-spec.ts';

/**
 * How a vendor misbehaves, once or several times.
 * - `throttled`, `throttled_briefly`: 429 without a pause, 429 with `Retry-After: 1`; nothing is applied.
 * - `unavailable`: 503, nothing is applied. `broken`: 500 after the work was done.
 * - `expired`: 401 although the credentials are right.
 * - `reset`: the work is done, then the connection breaks. `cut`: the work is done, half an answer comes.
 * - `html`: a web page of something in between, with status 200; nothing is applied.
 * - `silent`: no answer ever; nothing is applied.
 */
export const vendorFaults = [
  'throttled',
  'throttled_briefly',
  'unavailable',
  'broken',
  'expired',
  'reset',
  'cut',
  'html',
  'silent',
] as const;
export type VendorFault = (typeof vendorFaults)[number];

/** A vendor's API as far as a destination uses it: it keeps state, enforces limits, and misbehaves on demand. */
export interface VendorServer<State> {
  /** What goes into the connection's API address. */
  readonly url: string;
  readonly port: number;
  readonly state: State;
  /** Everything that arrived, in order. */
  readonly requests: readonly ReceivedRequest[];
  /** What the vendor's own description objects to: must stay empty. */
  readonly violations: string[];
  /** The next `times` requests that write (or, with `reads`, any) meet this fault. */
  misbehave(fault: VendorFault, times?: number, on?: 'writes' | 'all'): void;
  close(): Promise<void>;
}

export interface VendorParts<State> {
  readonly state: State;
  /** Name of the vendor's description in `../shared/vendor-specs`; `null` = the vendor publishes none. */
  readonly spec: string | null;
  /** The fake answers with less than the description demands: only the parts that are read. Requests are judged. */
  readonly shortAnswers?: boolean;
  /** Objections of the description that are its own fault, each with the reason beside it. */
  readonly tolerates?: (problem: string) => boolean;
  /** Part of the path that stands before what the description calls paths: `/api` for Slack. */
  readonly basePath?: string;
  /** Answers a request, and does what it asks for. Unknown paths are for it to refuse. */
  handle(request: ReceivedRequest, state: State): HttpAnswer;
  /** Whether the credentials are right, and the answer when not. */
  authorised(request: ReceivedRequest): boolean;
  readonly unauthorised: HttpAnswer;
  /** The vendor's own form of 429, 503 and 500; plain ones unless given. */
  readonly throttled?: HttpAnswer;
  /** A request that only asks, although it is a POST (a search). */
  readonly reads?: (request: ReceivedRequest) => boolean;
}

/** Starts a vendor on a loopback port. */
export async function startVendor<State>(parts: VendorParts<State>): Promise<VendorServer<State>> {
  const { state, basePath = '' } = parts;
  const spec = parts.spec === null ? null : openVendorSpec(parts.spec);
  const violations: string[] = [];
  const faults: { fault: VendorFault; on: 'writes' | 'all' }[] = [];

  const nextFault = (request: ReceivedRequest): VendorFault | null => {
    const writes = request.method !== 'GET' && !parts.reads?.(request);
    const index = faults.findIndex(({ on }) => on === 'all' || writes);
    return index < 0 ? null : (faults.splice(index, 1)[0]?.fault ?? null);
  };
  const object = (problems: readonly string[]): void => {
    violations.push(...problems.filter((problem) => !parts.tolerates?.(problem)));
  };
  const work = (request: ReceivedRequest): HttpAnswer => {
    const path = request.path.startsWith(basePath) ? request.path.slice(basePath.length) : request.path;
    if (!parts.authorised(request)) return parts.unauthorised;
    object(spec?.judgeRequest(request, path) ?? []);
    const answer = parts.handle(request, state);
    if (spec && !parts.shortAnswers && typeof answer.body === 'object')
      object(spec.judgeAnswer(request.method, path, answer.status ?? 200, answer.body));
    return answer;
  };
  const answerWith = (fault: VendorFault, request: ReceivedRequest): HttpAnswer => {
    switch (fault) {
      case 'throttled':
        return { status: 429, body: { message: 'Too many requests' }, ...parts.throttled };
      case 'throttled_briefly': {
        const answer = { status: 429, body: { message: 'Too many requests' }, ...parts.throttled };
        return { ...answer, headers: { ...answer.headers, 'retry-after': '1' } };
      }
      case 'unavailable':
        return { status: 503, body: { message: 'Service unavailable' } };
      case 'expired':
        return parts.unauthorised;
      case 'html':
        return { status: 200, body: '<!doctype html><html><title>Just a moment</title></html>' };
      case 'silent':
        return { fault: 'hang' };
      case 'broken':
        work(request);
        return { status: 500, body: { message: 'Internal error' } };
      case 'reset':
        work(request);
        return { fault: 'reset' };
      case 'cut':
        return { ...work(request), fault: 'cut' };
    }
  };
  const server: HttpServer = await startHttpServer((request) => {
    const fault = nextFault(request);
    return fault === null ? work(request) : answerWith(fault, request);
  });
  return {
    url: `${server.url}${basePath}`,
    port: server.port,
    state,
    requests: server.requests,
    violations,
    misbehave(fault, times = 1, on = 'writes') {
      for (let time = 0; time < times; time += 1) faults.push({ fault, on });
    },
    close: () => server.close(),
  };
}
