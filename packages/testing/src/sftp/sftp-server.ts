import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { type SftpFault, type SftpOperation, serveFiles } from './serve-files.ts';

/** OpenSSH's own implementation, where it is installed. */
const opensshPath = ['/usr/lib/openssh/sftp-server', '/usr/libexec/openssh/sftp-server'].find(existsSync);
export const hasOpenssh = opensshPath !== undefined;

export interface SftpServer {
  /** `127.0.0.1:port`. */
  readonly url: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** PEM text of a key that may sign in as well. */
  readonly privateKey: string;
  /** `SHA256:…` of the server's own key. */
  readonly fingerprint: string;
  /** Where its files lie on this machine. */
  readonly directory: string;
  /** What clients asked for, in order; empty with OpenSSH's implementation. */
  readonly operations: SftpOperation[];
  /** The next operation of this name goes wrong; not with OpenSSH's implementation. */
  misbehave(fault: SftpFault, operation: SftpOperation): void;
  /** Nothing goes wrong any more. */
  behave(): void;
  /** Called with each operation before it is done. */
  onOperation: ((operation: SftpOperation) => void) | null;
  close(): Promise<void>;
}

const hostKeys = ssh2.utils.generateKeyPairSync('ed25519');
/** `SHA256:…` of the key that all servers of this process show. */
export const sftpHostKey = fingerprintOf(hostKeys.public);
const userKeys = ssh2.utils.generateKeyPairSync('ed25519');

/** An SSH server whose one subsystem is SFTP, over a directory of its own: our implementation, or OpenSSH's. */
export async function startSftpServer({ openssh = false } = {}): Promise<SftpServer> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-sftp-'));
  const sockets = new Set<Socket>();
  const faults: { fault: SftpFault; operation: SftpOperation }[] = [];
  const user = 'sluice';
  const password = 'open sesame';
  const self = {
    operations: [] as SftpOperation[],
    onOperation: null as SftpServer['onOperation'],
    misbehave(fault: SftpFault, operation: SftpOperation) {
      faults.push({ fault, operation });
    },
    behave() {
      faults.length = 0;
    },
  };
  const takeFault = (operation: SftpOperation): SftpFault | null => {
    const index = faults.findIndex((one) => one.operation === operation);
    return index < 0 ? null : (faults.splice(index, 1)[0]?.fault ?? null);
  };

  const ssh = new ssh2.Server({ hostKeys: [hostKeys.private] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (attempt) => {
      if (attempt.username === user && isRight(attempt, password)) attempt.accept();
      else attempt.reject(['password', 'publickey']);
    });
    client.on('session', (accept) => {
      const session = accept();
      if (openssh && opensshPath) {
        session.on('subsystem', (acceptChannel) => {
          const channel = acceptChannel();
          const child = spawn(opensshPath, ['-e', '-d', directory], { stdio: ['pipe', 'pipe', 'ignore'] });
          channel.pipe(child.stdin);
          child.stdout.pipe(channel);
          child.once('exit', () => channel.close());
        });
        return;
      }
      session.on('sftp', (acceptSftp) =>
        serveFiles(acceptSftp(), directory, {
          begin(operation) {
            self.operations.push(operation);
            self.onOperation?.(operation);
            return takeFault(operation);
          },
          cut: () => {
            for (const socket of sockets) socket.destroy();
          },
        }),
      );
    });
  });
  // In front of the SSH server, so that connections can be broken.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    ssh.injectSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(self, {
    ...{ url: `127.0.0.1:${port}`, port, user, password, directory, privateKey: userKeys.private },
    fingerprint: sftpHostKey,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await rm(directory, { recursive: true, force: true });
    },
  });
}

/** As `ssh-keygen -l` shows it. */
function fingerprintOf(publicKey: string): string {
  const [, body = ''] = publicKey.split(' ');
  const digest = createHash('sha256').update(Buffer.from(body, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

function isRight(attempt: ssh2.AuthContext, password: string): boolean {
  if (attempt.method === 'password') return attempt.password === password;
  if (attempt.method !== 'publickey') return false;
  const key = ssh2.utils.parseKey(userKeys.public);
  if (key instanceof Error || !key.getPublicSSH().equals(attempt.key.data)) return false;
  return attempt.signature === undefined || attempt.blob === undefined
    ? true
    : key.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true;
}
