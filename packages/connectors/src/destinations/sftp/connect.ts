import { connect as connectTcp } from 'node:net';
import { SluiceError } from '@sluice/domain/error';
import type { Client, SFTPWrapper } from 'ssh2';
import { abortError, throwIfAborted } from '../../kit/aborted.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { answeredWithin } from '../../kit/silence.ts';
import { fingerprintOf } from '../../kit/ssh/host-key.ts';
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
  const { connectMs, requestMs } = context.timeouts;
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
    const opening = new Promise<SFTPWrapper>((resolve, reject) => {
      client.once('close', () => reject(new Error('the connection was closed')));
      client.sftp((error, opened) => (error ? reject(error) : resolve(opened)));
    });
    const sftp = await answeredWithin(opening, connectMs, close);
    return { sftp: impatient(sftp, requestMs, close), hostKey: seen.hostKey, close };
  } catch (thrown) {
    close();
    if (signal.aborted) throw abortError(signal);
    if (seen.hostKey !== '' && seen.hostKey !== settings.hostKey) throw otherKey(settings, seen.hostKey);
    throw sftpError(thrown, settings);
  }
}

/** What asks the server for something: each has one answer. */
const requests = new Set<string | symbol>([
  ...['stat', 'mkdir', 'open', 'write', 'close', 'rename', 'unlink', 'readdir', 'ext_openssh_rename'],
]);

/** Gives the connection up when a request has no answer after `ms`: the client itself would wait for ever. */
const impatient = (sftp: SFTPWrapper, ms: number, close: () => void): SFTPWrapper =>
  new Proxy(sftp, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      if (!requests.has(name)) return member.bind(target);
      return (...words: unknown[]) => {
        const done = words.pop() as (...answer: unknown[]) => void;
        const timer = setTimeout(close, ms);
        const answered = (...answer: unknown[]): void => {
          clearTimeout(timer);
          done(...answer);
        };
        try {
          return member.call(target, ...words, answered);
        } catch (thrown) {
          clearTimeout(timer);
          throw thrown;
        }
      };
    },
  });

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

function otherKey({ hostKey, host }: SftpSettings, found: string): SluiceError {
  if (hostKey === null) {
    return new SluiceError(
      'destination_host_key',
      `${host} shows the key ${found}, which nobody has confirmed.`,
      {
        fix: `Compare it with what the server's owner says (ssh-keygen -lf of the host key). If it is the same, enter it as Host key: ${found}`,
      },
    );
  }
  return new SluiceError(
    'destination_host_key',
    `${host} shows another key than the one you confirmed: ${found}.`,
    {
      fix: 'Ask the owner of the server whether its key was changed. If nobody did, somebody else answers in its place.',
    },
  );
}
