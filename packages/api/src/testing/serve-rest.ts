import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ServiceContext } from '@sluice/services/context';
import { handleRest } from '../rest/handle-rest.ts';

/** The REST API on a real socket, for tests that send what clients send, byte by byte. */
export interface ServedRest {
  readonly url: string;
  /** Sends exactly these headers and this body: no content type is added, and an empty one stays empty. */
  send(method: string, path: string, sent?: RawRequest): Promise<RawAnswer>;
  close(): Promise<void>;
}

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

/** Starts it on a free loopback port. */
export async function serveRest(services: ServiceContext): Promise<ServedRest> {
  const server = createServer((incoming, outgoing) => {
    void answer(services, incoming).then(
      async (response) => {
        outgoing.writeHead(response.status, Object.fromEntries(response.headers));
        outgoing.end(Buffer.from(await response.arrayBuffer()));
      },
      (cause) => outgoing.writeHead(500).end(String(cause)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    send: (method, path, sent = {}) => send(port, method, path, sent),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(services: ServiceContext, incoming: IncomingMessage): Promise<Response> {
  const { method = 'GET', url = '/', headers } = incoming;
  const withBody = method !== 'GET' && method !== 'HEAD';
  const request = new Request(`http://${headers.host}${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]),
    ...(withBody && { body: Readable.toWeb(incoming), duplex: 'half' }),
  } as RequestInit);
  return handleRest(services, request, { address: '127.0.0.1' });
}

async function send(port: number, method: string, path: string, sent: RawRequest): Promise<RawAnswer> {
  const outgoing = httpRequest({ port, host: '127.0.0.1', method, path, headers: sent.headers ?? {} });
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
}
