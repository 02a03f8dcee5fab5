import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import type { ConnectContext } from './context.ts';
import { createDial } from './egress-dial.ts';

/** Agents for vendors' clients that use Node's own HTTP; `close` ends their connections. */
export interface GuardedAgents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
  close(): void;
}

/**
 * Agents for vendors' clients that use Node's own HTTP: every connection goes through the guard, and the checked address is
 * the one dialled. Certificates are verified against the host. `close` ends their connections.
 */
export function createGuardedAgents(context: ConnectContext): GuardedAgents {
  const dial = createDial(context.egress.resolve, context.timeouts.connectMs, undefined);
  const connect =
    (protocol: 'http:' | 'https:') =>
    (options: { host?: string | null; port?: string | number | null }, done: Connected): undefined => {
      const target = { hostname: options.host ?? '', port: String(options.port ?? ''), protocol };
      dial({ ...target, host: target.hostname }, (error, socket) => {
        if (error) done(error, undefined as never);
        else done(null, socket as Duplex);
      });
    };
  const options: AgentOptions = { keepAlive: true, maxSockets: 8 };
  const http = Object.assign(new HttpAgent(options), { createConnection: connect('http:') });
  const https = Object.assign(new HttpsAgent(options), { createConnection: connect('https:') });
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
