import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';

export interface RawRequest {
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** The body as JSON; throws when it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: clients read answers without types.
  readonly json: any;
}

/** Sends exactly these headers and this body: no content type is added, and an empty one stays empty. */
export type SendRaw = (method: string, path: string, sent?: RawRequest) => Promise<RawAnswer>;

/** A sender to a server on this machine. */
export function rawSender(url: string): SendRaw {
  const { hostname, port } = new URL(url);
  return async (method, path, sent = {}) => {
    const outgoing = httpRequest({ port, host: hostname, method, path, headers: sent.headers ?? {} });
    outgoing.end(sent.body);
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString('utf8');
    return {
      status: incoming.statusCode ?? 0,
      headers: incoming.headers,
      text,
      get json() {
        return JSON.parse(text);
      },
    };
  };
}
