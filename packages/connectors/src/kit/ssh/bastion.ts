import { connect as connectTcp } from 'node:net';
import type { Client } from 'ssh2';
import { abortError, throwIfAborted } from '../aborted.ts';
import type { ConnectContext } from '../context.ts';
import type { Side } from '../pg-error.ts';
import { bastionError, forwardError, otherHostKey } from './bastion-error.ts';
import { ForwardedSocket } from './forwarded-socket.ts';
import { fingerprintOf } from './host-key.ts';
import type { SshKey } from './ssh-key.ts';
import type { TunnelSettings } from './tunnel-fields.ts';

/** A session at an SSH server. */
export interface Bastion {
  /** The newest key of the workspace, where the server only took an older one; `null` where it took the newest. */
  readonly keyToAdd: SshKey | null;
  /**
   * Has the server connect to an address that it knows. Throws `*_tunnel` when it may not, `*_unreachable` when it cannot, and
   * the signal's reason when it aborts.
   */
  forward(host: string, port: number, signal: AbortSignal): Promise<ForwardedSocket>;
  /** Ends the session, and all that goes through it. */
  close(): void;
}

/** How far it has come. All reject with the same error when it fails; nobody needs to wait for all of them. */
export interface OpeningBastion {
  /** The checked address that answered. */
  readonly reached: Promise<string>;
  /** The fingerprint, once it is the pinned one. */
  readonly known: Promise<string>;
  readonly opened: Promise<Bastion>;
}

/**
 * Connects to an SSH server and signs in with the workspace's key. The host is checked by the egress guard, and exactly the
 * checked address is dialled. Says nothing to a server whose key is not the pinned one: `*_host_key`. Throws `egress_refused`,
 * `*_unreachable`, `*_tls`, `*_auth` as well.
 */
export function openBastion(tunnel: TunnelSettings, context: ConnectContext, side: Side): OpeningBastion {
  const reached = Promise.withResolvers<string>();
  const known = Promise.withResolvers<string>();
  const opened = open(tunnel, context, side, { reached: reached.resolve, known: known.resolve });
  opened.catch((thrown: unknown) => {
    reached.reject(thrown);
    known.reject(thrown);
  });
  for (const { promise } of [reached, known]) promise.catch(() => {});
  return { reached: reached.promise, known: known.promise, opened };
}

async function open(
  tunnel: TunnelSettings,
  context: ConnectContext,
  side: Side,
  on: { reached(address: string): void; known(hostKey: string): void },
): Promise<Bastion> {
  const { signal } = context;
  throwIfAborted(signal);
  if (!context.sshKeys) throw new Error('a tunnel needs the keys of the workspace');
  const keys = await context.sshKeys();
  const { address } = await context.egress.resolve(tunnel.host, tunnel.port).catch((thrown: unknown) => {
    throw signal.aborted ? abortError(signal) : bastionError(thrown, side, tunnel, keys);
  });
  const { Client: SshClient } = (await import('ssh2')).default;
  throwIfAborted(signal);
  const client = new SshClient();
  const sock = connectTcp({ host: address, port: tunnel.port, noDelay: true, keepAlive: true });
  sock.once('connect', () => on.reached(address));
  const close = (): void => {
    client.destroy();
    sock.destroy();
  };
  let seen: string | null = null;
  let tried = 0;
  signal.addEventListener('abort', close, { once: true });
  try {
    await ready(client, () =>
      client.connect({
        sock,
        username: tunnel.user,
        readyTimeout: context.timeouts.connectMs,
        keepaliveInterval: 10_000,
        hostVerifier: (key: Buffer) => {
          seen = fingerprintOf(key);
          if (seen !== tunnel.hostKey) return false;
          on.known(seen);
          return true;
        },
        authHandler: () => {
          const key = keys[tried];
          tried += 1;
          // The types leave out that `false` gives up.
          return key ? { type: 'publickey', username: tunnel.user, key: key.privateKey } : (false as never);
        },
      }),
    );
  } catch (thrown) {
    close();
    if (signal.aborted) throw abortError(signal);
    if (seen !== null && seen !== tunnel.hostKey) throw otherHostKey(side, tunnel, seen);
    throw bastionError(thrown, side, tunnel, keys);
  } finally {
    signal.removeEventListener('abort', close);
  }
  return {
    keyToAdd: tried > 1 ? (keys[0] ?? null) : null,
    forward: (host, port, until) =>
      forward(client, { host, port }, until, context.timeouts.connectMs).catch((thrown: unknown) => {
        if (until.aborted) throw abortError(until);
        throw forwardError(thrown, side, tunnel, { host, port });
      }),
    close,
  };
}

function ready(client: Client, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('ready', resolve);
    client.once('close', () => reject(new Error('the connection was closed')));
    // Later failures are heard by whatever goes through.
    client.on('error', reject);
    start();
  });
}

/** A server that waits for a silent host answers late; its answer is not taken then. */
function forward(
  client: Client,
  target: { readonly host: string; readonly port: number },
  signal: AbortSignal,
  timeoutMs: number,
): Promise<ForwardedSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<ForwardedSocket>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  const onAbort = () => reject(abortError(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  let over = false;
  try {
    client.forwardOut('127.0.0.1', 0, target.host, target.port, (error, channel) => {
      if (error) {
        reject(error);
        return;
      }
      const socket = new ForwardedSocket(channel);
      const broken = () => socket.fail();
      client.once('close', broken);
      socket.once('close', () => client.off('close', broken));
      if (over) socket.destroy();
      else resolve(socket);
    });
  } catch (thrown) {
    // The session has ended.
    reject(thrown);
  }
  return promise.finally(() => {
    over = true;
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  });
}
