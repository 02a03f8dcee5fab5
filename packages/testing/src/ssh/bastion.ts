import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import ssh2 from 'ssh2';

/** Where names lead that only the bastion knows: `db.internal:5432` → a port of this machine. */
export type KnownHosts = Record<string, number>;

export interface TestBastion {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** `SHA256:…` of its own key. */
  readonly fingerprint: string;
  /** Public lines that may sign in as `user`. */
  readonly authorizedKeys: string[];
  readonly known: KnownHosts;
  /** Whether it forwards at all. */
  forwards: boolean;
  /** Takes a request to forward and never answers. */
  silent: boolean;
  /** What clients asked it to connect to, in order. */
  readonly asked: string[];
  /** Clients that have signed in, ever. */
  readonly signIns: number;
  /** Connections of clients that are open. */
  readonly open: number;
  /** Breaks every connection of every client, in whatever it is doing. */
  breakAll(): void;
  close(): Promise<void>;
}

/** An SSH server that only forwards, as bastions do: from its own names to ports of this machine. `at`: its port, else any. */
export async function startBastion(known: KnownHosts, at = 0): Promise<TestBastion> {
  const hostKeys = ssh2.utils.generateKeyPairSync('ed25519');
  const clients = new Set<Socket>();
  const upstreams = new Set<Socket>();
  const self = {
    user: 'sluice',
    authorizedKeys: [] as string[],
    known,
    forwards: true,
    silent: false,
    asked: [] as string[],
  };
  const counts = { signIns: 0 };

  const ssh = new ssh2.Server({ hostKeys: [hostKeys.private] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (attempt) => {
      if (attempt.username === self.user && isAuthorized(attempt, self.authorizedKeys)) attempt.accept();
      else attempt.reject(['publickey']);
    });
    client.on('ready', () => {
      counts.signIns += 1;
      // Without a listener the server says that forwarding is prohibited.
      if (!self.forwards) return;
      client.on('tcpip', (accept, reject, { destIP, destPort }) => {
        const name = `${destIP}:${destPort}`;
        self.asked.push(name);
        if (self.silent) return;
        const port = self.known[name];
        if (port === undefined) {
          reject();
          return;
        }
        const upstream = connect(port, '127.0.0.1');
        upstreams.add(upstream);
        upstream.once('close', () => upstreams.delete(upstream));
        upstream.once('error', () => reject());
        upstream.once('connect', () => {
          const channel = accept();
          channel.on('error', () => undefined);
          upstream.on('error', () => channel.close());
          channel.pipe(upstream).pipe(channel);
          channel.once('close', () => upstream.destroy());
        });
      });
    });
  });
  // In front of the SSH server, so that connections can be broken.
  const server = createServer({ noDelay: true }, (socket) => {
    clients.add(socket);
    socket.once('close', () => clients.delete(socket));
    socket.on('error', () => undefined);
    ssh.injectSocket(socket);
  });
  server.listen(at, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = (): void => {
    for (const socket of [...clients, ...upstreams]) socket.destroy();
  };
  return Object.assign(self, {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    fingerprint: fingerprintOf(hostKeys.public),
    get signIns() {
      return counts.signIns;
    },
    get open() {
      return clients.size;
    },
    breakAll,
    async close() {
      server.close();
      breakAll();
    },
  });
}

/** As `ssh-keygen -l` shows it. */
function fingerprintOf(publicKey: string): string {
  const [, body = ''] = publicKey.split(' ');
  return `SHA256:${createHash('sha256').update(Buffer.from(body, 'base64')).digest('base64').replace(/=+$/, '')}`;
}

function isAuthorized(attempt: ssh2.AuthContext, lines: readonly string[]): boolean {
  if (attempt.method !== 'publickey') return false;
  return lines.some((line) => {
    const key = ssh2.utils.parseKey(line);
    if (key instanceof Error || !key.getPublicSSH().equals(attempt.key.data)) return false;
    // A client asks first whether a key would do, without a signature.
    if (attempt.signature === undefined || attempt.blob === undefined) return true;
    return key.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true;
  });
}
