import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { localCertificate } from './certificates.ts';

/** A request as it arrived, complete. */
export interface ReceivedRequest {
  /** 1 for the first request of this server. */
  readonly number: number;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names in lower case; repeated headers joined by `, `. */
  readonly headers: Record<string, string>;
  readonly body: string;
  /** The body as JSON; throws when it is none. */
  json<T = unknown>(): T;
  /** Milliseconds since the server started, when the head arrived. */
  readonly atMs: number;
  /** Resolves when the answer has left, or the client has gone away without one. */
  readonly closed: Promise<void>;
}

/** What the server does with a request. Everything left out is a plain 200 with an empty body. */
export interface HttpAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** Text and bytes as they are; anything else as JSON. */
  readonly body?: unknown;
  /** Waits before answering. */
  readonly delayMs?: number;
  /**
   * `reset`: the connection is reset instead of an answer (work done in the handler before counts as applied);
   * `hang`: no answer ever; `cut`: the answer promises more bytes than it sends, then the connection breaks;
   * `drip`: one byte every 50 ms, without end.
   */
  readonly fault?: 'reset' | 'hang' | 'cut' | 'drip';
}

export type HttpHandler = (
  request: ReceivedRequest,
) => HttpAnswer | undefined | Promise<HttpAnswer | undefined>;

export interface HttpServer {
  /** `http://127.0.0.1:<port>` (or `https`), without a slash at the end. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Everything that arrived, in order; cleared with `requests.length = 0`. */
  readonly requests: ReceivedRequest[];
  /** Most requests that were open at once. */
  readonly openMax: number;
  /** Changes the behaviour from the next request on. */
  handle(handler: HttpHandler): void;
  /** Resolves when this many requests have arrived; rejects after `timeoutMs` (20 s). */
  received(count: number, timeoutMs?: number): Promise<void>;
  /** Refuses connections and cuts the open ones; `true`: listens again on the same port. */
  listen(listening: boolean): Promise<void>;
  /** Ends the server and cuts every open connection. */
  close(): Promise<void>;
}

/**
 * A real HTTP server on a free loopback port that keeps what it receives and misbehaves on demand. With `tls` it shows
 * `localCertificate`.
 */
export async function startHttpServer(
  handler: HttpHandler = () => ({}),
  { tls = false }: { tls?: boolean } = {},
): Promise<HttpServer> {
  const started = performance.now();
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  let arrived: (() => void)[] = [];
  let current = handler;
  let count = 0;
  let open = 0;
  let openMax = 0;

  const onRequest = (incoming: IncomingMessage, response: ServerResponse): void => {
    open += 1;
    openMax = Math.max(openMax, open);
    response.once('close', () => {
      open -= 1;
    });
    void serve(incoming, response).catch((cause) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end(`the handler of the test server failed: ${String(cause)}`);
    });
  };
  const server = tls ? createTlsServer(localCertificate, onRequest) : createServer(onRequest);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const atMs = performance.now() - started;
    const closed = new Promise<void>((resolve) => response.once('close', resolve));
    const body = await readBody(incoming);
    if (body === null) return;
    count += 1;
    const request: ReceivedRequest = {
      number: count,
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : (value ?? ''),
        ]),
      ),
      body,
      json: () => JSON.parse(body),
      atMs,
      closed,
    };
    requests.push(request);
    const waiting = arrived;
    arrived = [];
    for (const wake of waiting) wake();
    const answer = (await current(request)) ?? {};
    if (answer.delayMs) await new Promise((resolve) => setTimeout(resolve, answer.delayMs));
    send(answer, incoming, response);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    host: '127.0.0.1',
    port,
    requests,
    get openMax() {
      return openMax;
    },
    handle(next) {
      current = next;
    },
    async received(wanted, timeoutMs = 20_000) {
      const deadline = performance.now() + timeoutMs;
      while (requests.length < wanted) {
        const left = deadline - performance.now();
        if (left <= 0) throw new Error(`${requests.length} of ${wanted} requests arrived in ${timeoutMs} ms`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          arrived.push(() => {
            clearTimeout(timer);
            resolve();
          });
        });
      }
    },
    async listen(listening) {
      const done = once(server, listening ? 'listening' : 'close');
      if (listening) server.listen(port, '127.0.0.1');
      else server.close();
      if (!listening) for (const socket of sockets) socket.destroy();
      await done;
    },
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The whole body as text; `null` when the client went away in the middle. */
async function readBody(incoming: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
  } catch {
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(answer: HttpAnswer, incoming: IncomingMessage, response: ServerResponse): void {
  if (response.destroyed || answer.fault === 'hang') return;
  if (answer.fault === 'reset') {
    incoming.socket.resetAndDestroy();
    return;
  }
  const { body } = answer;
  const text =
    body === undefined ? '' : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const type = body === undefined ? {} : { 'content-type': contentType(body) };
  const headers = { ...type, ...answer.headers };
  const status = answer.status ?? 200;
  if (answer.fault === 'cut') {
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) + 100 });
    response.write(text, () => incoming.socket.destroy());
    return;
  }
  if (answer.fault === 'drip') {
    response.writeHead(status, headers);
    const timer = setInterval(() => response.write(' '), 50);
    response.once('close', () => clearInterval(timer));
    return;
  }
  response.writeHead(status, headers).end(text);
}

function contentType(body: unknown): string {
  if (typeof body !== 'string') return 'application/json';
  return body.trimStart().startsWith('<') ? 'text/html' : 'text/plain';
}
