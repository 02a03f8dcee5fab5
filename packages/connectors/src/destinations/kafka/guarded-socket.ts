import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, connect as connectTls } from 'node:tls';
import { SluiceError } from '@sluice/domain/error';
import type { Egress } from '../../kit/context.ts';
import { canonicalHost } from '../../kit/host-port.ts';
import type { KafkaSettings } from './configuration.ts';

/**
 * Opens a connection to a broker, whichever the cluster has named: the guard checks its host, and exactly the checked address is
 * dialled. Node looks up names only, so an address is dialled under a name that stands for it.
 */
export function guardedSocket(
  egress: Egress,
  settings: KafkaSettings,
  {
    host,
    port,
    onConnect,
    onRefused,
  }: {
    readonly host: string;
    readonly port: number;
    onConnect(): void;
    onRefused(refused: SluiceError): void;
  },
): Socket {
  const lookup: LookupFunction = (_name, options, done) => {
    egress.resolve(host, port).then(
      ({ address, family }) =>
        options.all ? done(null, [{ address, family }]) : done(null, address, family),
      (error: Error) => {
        if (error instanceof SluiceError) onRefused(error);
        done(error, '');
      },
    );
  };
  const target = { host: 'broker.invalid', port, lookup, autoSelectFamily: false };
  const socket =
    settings.sslMode === 'disable'
      ? connectTcp(target, onConnect)
      : connectTls({ ...target, ...tlsOptions(settings, canonicalHost(host)) }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  return socket;
}

function tlsOptions({ sslMode, sslCa }: KafkaSettings, host: string): ConnectionOptions {
  return {
    // SNI knows names only.
    servername: isIP(host) === 0 ? host : '',
    rejectUnauthorized: sslMode === 'verify-full',
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
    ...(sslCa !== null && { ca: [sslCa] }),
  };
}
