import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { ConnectContext } from '../context.ts';
import { EgressFailure } from '../egress-failure.ts';
import type { GuardedAgents } from '../guarded-agent.ts';
import { canonicalHost } from '../host-port.ts';
import type { Tunnel } from './tunnel.ts';

/**
 * Agents for vendors' clients that use Node's own HTTP: every connection goes through the SSH server. Certificates are verified
 * against the host that is asked for. `close` ends their connections, and with the last one the session at the SSH server.
 */
export function createTunnelledAgents(tunnel: Tunnel, context: ConnectContext): GuardedAgents {
  const connect =
    (secure: boolean) =>
    (options: { host?: string | null; port?: string | number | null }, done: Connected): undefined => {
      const host = canonicalHost(options.host ?? '');
      const port = Number(options.port || (secure ? 443 : 80));
      tunnel
        .dial(host, port, context.signal)
        .then((socket) => (secure ? encrypt(socket, host) : socket))
        .then(
          (socket) => done(null, socket),
          (thrown: Error) => done(thrown, undefined as never),
        );
    };
  const options: AgentOptions = { keepAlive: true, maxSockets: 8 };
  const http = Object.assign(new HttpAgent(options), { createConnection: connect(false) });
  const https = Object.assign(new HttpsAgent(options), { createConnection: connect(true) });
  return {
    http,
    https,
    close() {
      http.destroy();
      https.destroy();
    },
  };
}

type Connected = (error: Error | null, socket: Duplex) => void;

function encrypt(socket: Duplex, host: string): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  const secured = connectTls({
    socket,
    host,
    // A certificate for an IP address is checked against the address; SNI knows names only.
    servername: isIP(host) === 0 ? host : '',
    ALPNProtocols: ['http/1.1'],
  });
  const fail = (error: Error): void => {
    socket.destroy();
    const message = `No encrypted connection could be made: ${error.message}.`;
    reject(new EgressFailure('tls', false, message, error));
  };
  secured.once('error', fail);
  secured.once('secureConnect', () => {
    secured.off('error', fail);
    resolve(secured);
  });
  return promise;
}
