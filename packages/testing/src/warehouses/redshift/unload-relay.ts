import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Answers how many rows were written. What it throws, the client is told. */
type RunUnload = (statement: string) => Promise<number>;

/**
 * Stands between clients and a PostgreSQL server and answers UNLOAD, of which the server knows nothing; all else passes.
 * https://www.postgresql.org/docs/current/protocol-flow.html (read 2026-11-22)
 */
export async function startUnloadRelay(
  port: number,
  run: RunUnload,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    upstream.pipe(client);
    let began = false;
    let unload: string | null = null;
    let rest = Buffer.alloc(0);
    client.on('data', (data) => {
      rest = Buffer.concat([rest, data as Buffer]);
      for (;;) {
        const head = began ? 1 : 0;
        if (rest.length < head + 4) return;
        const length = head + rest.readInt32BE(head);
        if (rest.length < length) return;
        const message = rest.subarray(0, length);
        rest = rest.subarray(length);
        if (!began) {
          // A request to encrypt or to cancel is no beginning.
          began = message.readInt32BE(4) === protocolVersion;
          upstream.write(message);
          continue;
        }
        const type = String.fromCharCode(message[0] ?? 0);
        const text = type === 'P' ? (message.toString('utf8', 5).split('\0')[1] ?? '') : '';
        if (/^\s*UNLOAD\b/i.test(text)) unload = text;
        if (unload === null) upstream.write(message);
        // The messages of the statement are complete.
        else if (type === 'S') {
          const statement = unload;
          unload = null;
          run(statement).then(
            (rows) => client.write(Buffer.concat([noRows, complete(`UNLOAD ${rows}`), ready])),
            (thrown: Error) => client.write(Buffer.concat([failure(thrown), ready])),
          );
        }
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** 3.0 */
const protocolVersion = 196_608;

function wire(type: string, ...parts: (string | Buffer)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)),
  );
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** ParseComplete, BindComplete, NoData. */
const noRows = Buffer.concat([wire('1'), wire('2'), wire('n')]);
const complete = (tag: string): Buffer => wire('C', tag);
const ready = wire('Z', Buffer.from('I'));

function failure({ message, code = 'XX000' }: Error & { code?: string }): Buffer {
  return wire('E', 'SERROR', `C${code}`, `M${message}`, Buffer.alloc(1));
}
