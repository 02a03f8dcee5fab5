import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ServiceContext } from '@sluice/services/context';
import { rawSender, type SendRaw } from '@sluice/testing/raw-http';
import { handleRest } from '../rest/handle-rest.ts';

/** The REST API on a real socket, for tests that send what clients send, byte by byte. */
export interface ServedRest {
  readonly url: string;
  readonly send: SendRaw;
  close(): Promise<void>;
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
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    send: rawSender(url),
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
