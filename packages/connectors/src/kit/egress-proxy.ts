import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Egress } from './context.ts';

/** A proxy on this machine that only this process may use: who has no credentials is refused. */
export interface EgressProxy {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

const proxies = new WeakMap<Egress, Promise<EgressProxy>>();

/**
 * A CONNECT proxy whose every connection goes through the guard, for vendors' drivers that bring an HTTP client of their
 * own: the checked address is the one dialled, whatever host an answer of the vendor sends them to. One for each guard,
 * started when it is first needed; it keeps no process alive.
 */
export function egressProxy(egress: Egress): Promise<EgressProxy> {
  const known = proxies.get(egress);
  if (known) return known;
  const starting = start(egress);
  proxies.set(egress, starting);
  return starting;
}

async function start(egress: Egress): Promise<EgressProxy> {
  const user = 'sluice';
  const password = randomBytes(24).toString('base64url');
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on('error', () => client.destroy());
    if (request.headers['proxy-authorization'] !== expected) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    tunnel(egress, request.url ?? '', client, head).catch(() =>
      client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, user, password };
}

async function tunnel(egress: Egress, target: string, client: Duplex, head: Buffer): Promise<void> {
  const { hostname, port } = new URL(`http://${target}`);
  const number = Number(port || 80);
  const { address } = await egress.resolve(hostname, number);
  const upstream = connect({ host: address, port: number, noDelay: true, keepAlive: true });
  await once(upstream, 'connect');
  client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  if (head.length > 0) upstream.write(head);
  upstream.on('error', () => client.destroy());
  upstream.once('close', () => client.destroy());
  client.once('close', () => upstream.destroy());
  // A tunnel alone does not keep the process alive; whoever waits for its bytes does.
  if ('unref' in client) (client as Socket).unref();
  upstream.pipe(client);
  client.pipe(upstream);
}
