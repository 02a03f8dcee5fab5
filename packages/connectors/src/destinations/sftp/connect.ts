import { createHash } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { SluiceError } from '@sluice/domain/error';
import type { Client, SFTPWrapper } from 'ssh2';
import { abortError, throwIfAborted } from '../../kit/aborted.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { SftpSettings } from './configuration.ts';
import { sftpError } from './error.ts';

export interface SftpSession {
  readonly sftp: SFTPWrapper;
  /** Of the server's key. */
  readonly hostKey: string;
  close(): void;
}

/**
 * Connects and signs in. The host is checked by the egress guard, and exactly the checked address is dialled. Nothing is
 * said to a server whose key is not the one that somebody confirmed. Throws `egress_refused` and `destination_*`.
 */
export async function openSftp(
  settings: SftpSettings,
  context: ConnectContext,
  signal: AbortSignal,
): Promise<SftpSession> {
  throwIfAborted(signal);
  const { address } = await context.egress.resolve(settings.host, settings.port).catch((thrown) => {
    throw signal.aborted ? abortError(signal) : sftpError(thrown, settings);
  });
  const { Client: SshClient } = (await import('ssh2')).default;
  const client = new SshClient();
  const seen: { hostKey: string } = { hostKey: '' };
  const { connectMs } = context.timeouts;
  const sock = connectTcp({ host: address, port: settings.port, noDelay: true, keepAlive: true });
  const close = (): void => {
    client.destroy();
    sock.destroy();
  };
  signal.addEventListener('abort', close, { once: true });
  try {
    await ready(client, () =>
      client.connect({
        sock,
        username: settings.user,
        ...loginOf(settings),
        readyTimeout: connectMs,
        keepaliveInterval: 10_000,
        hostVerifier: (key: Buffer) => {
          seen.hostKey = fingerprintOf(key);
          return seen.hostKey === settings.hostKey;
        },
      }),
    );
    const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
      client.sftp((error, opened) => (error ? reject(error) : resolve(opened)));
    });
    return { sftp, hostKey: seen.hostKey, close };
  } catch (thrown) {
    close();
    if (signal.aborted) throw abortError(signal);
    if (seen.hostKey !== '' && seen.hostKey !== settings.hostKey) throw otherKey(settings, seen.hostKey);
    throw sftpError(thrown, settings);
  }
}

function ready(client: Client, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('ready', resolve);
    client.once('close', () => reject(new Error('the connection was closed')));
    // Later failures are heard by whatever waits for an answer then.
    client.on('error', reject);
    start();
  });
}

const loginOf = ({ login }: SftpSettings) =>
  'password' in login
    ? { password: login.password }
    : {
        privateKey: login.privateKey,
        ...(login.passphrase !== null && { passphrase: login.passphrase }),
      };

/** As `ssh-keygen -l` shows it. */
const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

function otherKey({ hostKey, host }: SftpSettings, found: string): SluiceError {
  if (hostKey === null) {
    return new SluiceError('destination_tls', `${host} shows the key ${found}, which nobody has confirmed.`, {
      fix: `Compare it with what the server's owner says (ssh-keygen -lf of the host key). If it is the same, enter it as Host key: ${found}`,
    });
  }
  return new SluiceError(
    'destination_tls',
    `${host} shows another key than the one you confirmed: ${found}.`,
    {
      fix: 'Ask the owner of the server whether its key was changed. If nobody did, somebody else answers in its place.',
    },
  );
}
