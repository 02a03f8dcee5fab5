import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { Redis } from 'ioredis';
import { abortError, throwIfAborted, untilAborted } from '../../kit/aborted.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { RedisSettings } from './configuration.ts';
import { redisError } from './error.ts';

/**
 * Connects and signs in. The host is checked by the egress guard, and exactly the checked address is dialled. The client never
 * reconnects by itself and keeps nothing to send later: what became of a command is known or in doubt at once.
 * Throws `egress_refused`, `destination_unreachable`, `destination_tls`, `destination_auth`.
 */
export async function connectRedis(settings: RedisSettings, context: ConnectContext): Promise<Redis> {
  throwIfAborted(context.signal);
  const failure = (thrown: unknown): Error =>
    context.signal.aborted ? abortError(context.signal) : redisError(thrown, settings);
  const address = await context.egress.resolve(settings.host, settings.port).then(
    (resolved) => resolved.address,
    (thrown) => {
      throw failure(thrown);
    },
  );
  const client = new Redis({
    host: address,
    port: settings.port,
    db: settings.database,
    ...(settings.user !== null && { username: settings.user }),
    ...(settings.password !== null && { password: settings.password }),
    ...(settings.sslMode !== 'disable' && { tls: tlsOptions(settings) }),
    connectTimeout: context.timeouts.connectMs,
    commandTimeout: context.timeouts.requestMs,
    connectionName: context.label.replaceAll(/\s/g, '-'),
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
  });
  let last: unknown = null;
  // Errors between commands have nobody else to hear them; the next command reports that the connection is gone.
  client.on('error', (error) => {
    last = error;
  });
  const cut = () => client.disconnect();
  context.signal.addEventListener('abort', cut, { once: true });
  const timer = setTimeout(cut, context.timeouts.connectMs);
  try {
    await untilAborted(
      client.connect().then(() => client.ping()),
      context.signal,
    );
    return client;
  } catch (thrown) {
    client.disconnect();
    throw failure(last ?? thrown);
  } finally {
    clearTimeout(timer);
    context.signal.removeEventListener('abort', cut);
  }
}

function tlsOptions(settings: RedisSettings): ConnectionOptions {
  // The client dials an address, so the name for SNI and for the certificate has to be given.
  const name = isIP(settings.host) === 0 ? { servername: settings.host } : {};
  if (settings.sslMode === 'require') return { ...name, rejectUnauthorized: false };
  return { ...name, rejectUnauthorized: true, ...(settings.sslCa !== null && { ca: [settings.sslCa] }) };
}
