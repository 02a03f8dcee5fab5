import { connect as connectTcp, type Socket } from 'node:net';
import type { ConnectContext } from './context.ts';
import type { Side } from './pg-error.ts';
import type { ForwardedSocket } from './ssh/forwarded-socket.ts';
import { createTunnel } from './ssh/tunnel.ts';
import type { TunnelSettings } from './ssh/tunnel-fields.ts';

/** A connection to a server, whichever way it goes. */
export type ServerSocket = Socket | ForwardedSocket;

/** How connections to a server are made: straight to its checked address, or by way of an SSH server. */
export interface Way {
  /** The checked address; `null` behind an SSH server, which alone knows it. */
  readonly address: string | null;
  /** A new connection, which is connected. It is destroyed when the signal aborts before. */
  dial(signal: AbortSignal): Promise<ServerSocket>;
}

/** Where a server is, for the network. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly tunnel: TunnelSettings | null;
}

/**
 * Finds the way to a server. What is dialled from here (the server, or the SSH server before it) is checked by the egress guard,
 * and exactly the checked address is dialled. Throws what the guard throws; `dial` throws the system's errors, or those of
 * the tunnel.
 */
export async function findWay(server: Server, context: ConnectContext, side: Side): Promise<Way> {
  const { host, port } = server;
  if (server.tunnel) {
    const tunnel = createTunnel(server.tunnel, context, side);
    return { address: null, dial: (signal) => tunnel.dial(bare(host), port, signal) };
  }
  const { address } = await context.egress.resolve(host, port);
  return { address, dial: (signal) => dialTcp(address, port, context.timeouts.connectMs, signal) };
}

const bare = (host: string): string => host.replace(/^\[|\]$/g, '');

function dialTcp(address: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connectTcp({ host: address, port, noDelay: true, signal });
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error('timeout expired')));
  socket.once('connect', () => {
    socket.setTimeout(0);
    resolve(socket);
  });
  socket.on('error', reject);
  return promise;
}
