import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { ServiceContext } from '@sluice/services/context';
import type { SessionClaim } from '@sluice/services/session/resolve-session';
import { handleRejectedCsv } from '../http/rejected-csv.ts';
import { handleTrpc } from '../trpc/handle-trpc.ts';

/** What the console's server mounts, on a real socket: streams are streams, and a client may go away. */
export interface ServedConsole {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts it on a free loopback port; every request comes with this session. */
export async function serveConsole(services: ServiceContext, session: SessionClaim): Promise<ServedConsole> {
  const server = createServer((incoming, outgoing) => {
    void answer(services, session, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  services: ServiceContext,
  session: SessionClaim,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host}`);
  const request = new Request(url, {
    headers: Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    signal: gone.signal,
  });
  const caller = { session, address: '127.0.0.1' };
  const id = /^\/api\/console\/runs\/([^/]+)\/rejected\.csv$/.exec(url.pathname)?.[1];
  const response =
    id === undefined
      ? await handleTrpc(services, request, caller)
      : await handleRejectedCsv(services, request, caller, { id });
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body) await pipeline(response.body, outgoing);
  else outgoing.end();
}
