import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import { EgressFailure, errorCode } from './egress-failure.ts';
import type { Resolve } from './egress-policy.ts';
import { canonicalHost } from './host-port.ts';

/**
 * A connector for undici that dials only addresses that `resolve` has checked. It covers IP literals as well, which
 * undici's look-up hook does not see (measured with undici 8.12). Certificates are verified against the URL's host,
 * whatever a Host header says.
 */
export function createDial(
  resolve: Resolve,
  connectMs: number,
  ca: string[] | undefined,
): buildConnector.connector {
  return (options, callback) => {
    const host = canonicalHost(options.hostname);
    const secure = options.protocol === 'https:';
    const port = Number(options.port || (secure ? 443 : 80));
    resolve(host, port)
      .then(({ address }) => dial(address, port, secure ? { host, ca } : null, connectMs))
      .then(
        (socket) => callback(null, socket),
        (error: Error) => callback(error, null),
      );
  };
}

function dial(
  address: string,
  port: number,
  tls: { host: string; ca: string[] | undefined } | null,
  connectMs: number,
): Promise<Socket | TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket | TLSSocket>();
  const tcp = connectTcp({ host: address, port, noDelay: true, keepAlive: true });
  let stage: 'connect' | 'tls' = 'connect';
  const timer = setTimeout(() => {
    stage = 'connect';
    tcp.destroy(new Error(`no connection within ${connectMs} ms`));
  }, connectMs);
  const fail = (error: Error) => {
    clearTimeout(timer);
    tcp.destroy();
    // A server that goes away in the handshake may come back; one that speaks wrongly will not.
    if (['ECONNRESET', 'EPIPE', 'ETIMEDOUT'].includes(errorCode(error) ?? '')) stage = 'connect';
    reject(new EgressFailure(stage, false, connectMessage(stage, error), error));
  };
  tcp.once('error', fail);
  // A socket can fail more than once; later failures belong to whoever took it over.
  tcp.on('error', () => {});
  tcp.once('connect', () => {
    if (!tls) {
      done(tcp);
      return;
    }
    stage = 'tls';
    const secured = connectTls({
      socket: tcp,
      host: tls.host,
      // A certificate for an IP address is checked against the address; SNI knows names only.
      servername: isIP(tls.host) === 0 ? tls.host : '',
      ALPNProtocols: ['http/1.1'],
      ...(tls.ca && { ca: tls.ca }),
    });
    secured.once('error', fail);
    secured.once('secureConnect', () => {
      secured.off('error', fail);
      done(secured);
    });
  });
  const done = (socket: Socket | TLSSocket) => {
    clearTimeout(timer);
    tcp.off('error', fail);
    resolve(socket);
  };
  return promise;
}

/** Refused, silent and unroutable ports read the same, so that nobody can map a network through us. */
function connectMessage(stage: 'connect' | 'tls', error: Error): string {
  if (stage === 'connect') return 'No connection could be made.';
  return `No encrypted connection could be made: ${error.message}.`;
}
