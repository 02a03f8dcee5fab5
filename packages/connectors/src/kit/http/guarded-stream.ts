import type { Readable } from 'node:stream';
import { Agent, request as send } from 'undici';
import type { ConnectContext } from '../context.ts';
import { createDial } from '../egress-dial.ts';

export interface GuardedStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
  /** Ends the connection, read or not. Never throws; safe to call twice. */
  close(): Promise<void>;
}

/**
 * A request through the guard whose answer is read as a stream, however long it is; `silenceMs` is the longest wait for its
 * headers and between two pieces. Redirects are not followed. Throws `egress_refused`, EgressFailure, or what undici throws.
 */
export async function openGuardedStream(
  context: ConnectContext,
  request: {
    readonly method: 'GET' | 'POST';
    readonly url: URL;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly silenceMs: number;
    readonly signal: AbortSignal;
  },
): Promise<GuardedStream> {
  const agent = new Agent({
    connect: createDial(context.egress.resolve, context.timeouts.connectMs, undefined),
    headersTimeout: request.silenceMs,
    bodyTimeout: request.silenceMs,
  });
  const close = () => agent.destroy().catch(() => {});
  try {
    const { statusCode, headers, body } = await send(request.url, {
      dispatcher: agent,
      method: request.method,
      headers: { 'accept-encoding': 'identity', ...request.headers },
      body: request.body ?? null,
      signal: request.signal,
    });
    return { status: statusCode, headers, body, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
