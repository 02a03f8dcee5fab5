import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createMessageReader, type PgMessage, sqlOf, statementName } from './pg-messages.ts';

/** A statement on its way: everything a client sends until it waits for an answer. */
export interface Statement {
  readonly sql: string;
}

/** `drop`: these bytes go nowhere, and the connection stays open and silent; `cut`: both connections break. */
export type Verdict = 'pass' | 'drop' | 'cut';
export type StatementHook = (statement: Statement) => Verdict | Promise<Verdict>;

export interface PgProxy {
  readonly host: string;
  readonly port: number;
  /** The same address through the proxy. */
  url(of: string): string;
  /** Asked before a statement reaches the server, and when the server has done it, before the client learns of it. */
  inspect(hooks: { before?: StatementHook; after?: StatementHook }): void;
  /** Asked about every row of a COPY that the server sends; 1 is the first since this was called. */
  inspectRows(judge: ((row: number) => Verdict) | null): void;
  /** `false` breaks all connections and refuses new ones. */
  accept(accepted: boolean): void;
  /** Breaks all connections and refuses the next so many. */
  refuse(times: number): void;
  close(): Promise<void>;
}

/** Stands before a PostgreSQL server and sees every statement and answer; breaks them where a test wants it. */
export async function startPgProxy(target: { host: string; port: number }): Promise<PgProxy> {
  const sockets = new Set<Socket>();
  const pass: StatementHook = () => 'pass';
  let before = pass;
  let after = pass;
  let judgeRow: ((row: number) => Verdict) | null = null;
  let rows = 0;
  let accepted = true;
  let refusals = 0;

  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    return socket;
  };

  const server = createServer((client) => {
    keep(client);
    if (!accepted || refusals > 0) {
      refusals = Math.max(0, refusals - 1);
      client.destroy();
      return;
    }
    const upstream = keep(connect(target.port, target.host));
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
    const waiting: Statement[] = [];
    void toServer(client, upstream, waiting).catch(cut);
    void toClient(client, upstream, waiting).catch(cut);
  });

  async function toServer(client: Socket, upstream: Socket, waiting: Statement[]): Promise<void> {
    const read = createMessageReader('client');
    const named = new Map<string, string>();
    let unit: PgMessage[] = [];
    let sql = '';
    let silent = false;
    for await (const data of client) {
      if (silent) continue;
      for (const message of read(data as Buffer)) {
        const name = statementName(message);
        const text = sqlOf(message);
        if (text !== null) sql = text;
        if (text !== null && name) named.set(name, text);
        if (message.type === 'B' && name) sql = named.get(name) ?? sql;
        unit.push(message);
        // Parts of a statement wait for the rest; the data of a COPY does not.
        if (/[PBDEC]/.test(message.type)) continue;
        if (message.type === 'Q' || message.type === 'S') {
          const statement = { sql };
          const verdict = await before(statement);
          if (verdict === 'cut') throw new Error('cut');
          silent ||= verdict === 'drop';
          if (silent) break;
          waiting.push(statement);
        }
        upstream.write(Buffer.concat(unit.map(({ bytes }) => bytes)));
        unit = [];
      }
    }
    upstream.end();
  }

  async function toClient(client: Socket, upstream: Socket, waiting: Statement[]): Promise<void> {
    const read = createMessageReader('server');
    let silent = false;
    for await (const data of upstream) {
      if (silent) continue;
      const out: Buffer[] = [];
      for (const message of read(data as Buffer)) {
        if (message.type === 'd' && judgeRow) {
          rows += 1;
          const verdict = judgeRow(rows);
          if (verdict === 'cut') throw new Error('cut');
          if (verdict === 'drop') continue;
        }
        const statement = message.type === 'Z' ? waiting.shift() : undefined;
        if (statement) {
          const verdict = await after(statement);
          if (verdict === 'cut') throw new Error('cut');
          silent ||= verdict === 'drop';
          if (silent) break;
        }
        out.push(message.bytes);
      }
      if (out.length > 0 && !client.write(Buffer.concat(out))) {
        await Promise.race([once(client, 'drain'), once(client, 'close')]);
      }
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    host: '127.0.0.1',
    port,
    url(of) {
      const url = new URL(of);
      url.host = `127.0.0.1:${port}`;
      return url.href;
    },
    inspect(hooks) {
      before = hooks.before ?? pass;
      after = hooks.after ?? pass;
    },
    inspectRows(judge) {
      rows = 0;
      judgeRow = judge;
    },
    accept(value) {
      accepted = value;
      if (!value) for (const socket of sockets) socket.destroy();
    },
    refuse(times) {
      refusals = times;
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
