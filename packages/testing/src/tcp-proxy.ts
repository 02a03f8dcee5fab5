import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What the proxy does with bytes that a client sends. */
export type ProxyVerdict =
  | 'pass'
  /** Breaks both connections; the server never sees these bytes. */
  | 'cut'
  /** Breaks both connections after half of these bytes. */
  | 'halve'
  /** Hands them to the server, and breaks the client's connection before any answer. */
  | 'swallow_answer'
  /** Hands them to the server, and nothing comes back any more, nor does anything that follows get there. */
  | 'mute'
  /** The server never sees these bytes or what follows, and nobody says so. */
  | 'stall';

export interface TcpProxy {
  readonly host: string;
  readonly port: number;
  /** Decides about every piece of data from a client; everything passes until this is called. */
  inspect(verdict: (data: Buffer) => ProxyVerdict): void;
  /** Whether new connections are accepted. */
  accept(accepted: boolean): void;
  /** Refuses the next so many connections. */
  refuse(times: number): void;
  /** Connections that clients have asked for. */
  readonly asked: number;
  /** Breaks every connection that is open, in whatever it is doing. */
  breakAll(): void;
  close(): Promise<void>;
}

/** A proxy on a free loopback port that breaks connections at chosen moments. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let judge: (data: Buffer) => ProxyVerdict = () => 'pass';
  let accepted = true;
  let refusals = 0;
  let asked = 0;

  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A broken connection is what this proxy is for.
    socket.on('error', () => undefined);
    return socket;
  };

  const server = createServer((client) => {
    keep(client);
    asked += 1;
    if (!accepted || refusals > 0) {
      refusals = Math.max(0, refusals - 1);
      client.destroy();
      return;
    }
    const upstream = keep(connect(target.port, target.host));
    let muted = false;
    let stalled = false;
    client.on('data', (data) => {
      if (stalled) return;
      const verdict = judge(data);
      if (verdict === 'cut') {
        upstream.destroy();
        client.destroy();
        return;
      }
      if (verdict === 'halve') {
        upstream.end(data.subarray(0, Math.ceil(data.length / 2)));
        client.destroy();
        return;
      }
      if (verdict === 'mute' || verdict === 'stall') {
        muted = true;
        stalled = true;
        if (verdict === 'stall') return;
      }
      if (verdict === 'swallow_answer') {
        muted = true;
        // The first answer proves that the server has done its work.
        upstream.once('data', () => client.destroy());
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (!muted) client.write(data);
    });
    client.once('close', () => upstream.end());
    upstream.once('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    inspect(verdict) {
      judge = verdict;
    },
    accept(value) {
      accepted = value;
    },
    refuse(times) {
      refusals = times;
    },
    get asked() {
      return asked;
    },
    breakAll() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
