import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { openDuckDatabase } from '../duck-database.ts';
import { ClickHouseRefusal, preparations, type Rows, runStatement } from './statements.ts';

/** How the server misbehaves; all of it can be changed while it runs. */
export interface ClickHouseFaults {
  /** Breaks the connection after so many rows. */
  cutAfter: number | null;
  /** Writes an exception behind so many rows, as a server does that has sent its headers already. */
  failAfter: number | null;
}

export interface ClickHouseServer {
  readonly port: number;
  readonly url: string;
  readonly faults: ClickHouseFaults;
  /** Parameters of the statements that were run, in order; `query` is the text. */
  readonly statements: Record<string, string>[];
  /** Ids of the queries that wait until they are killed. */
  readonly held: Map<string, () => void>;
  /** Answers a statement with these bytes, whatever DuckDB would say. */
  answer(statement: string, body: string): void;
  /** Runs a statement at the DuckDB behind the server. */
  run(sql: string): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * A server that speaks the HTTP interface of ClickHouse (https://clickhouse.com/docs/interfaces/http, read 2026-11-22) with
 * DuckDB behind it: it does not judge ClickHouse's SQL, types or rights. A statement that says `hold` waits to be killed.
 */
export async function startClickHouseServer(options: {
  readonly user: string;
  readonly password: string;
}): Promise<ClickHouseServer> {
  const database = await openDuckDatabase();
  for (const statement of preparations) await database.rows(statement);
  const sockets = new Set<Socket>();
  const recorded = new Map<string, string>();
  const statements: Record<string, string>[] = [];
  const held = new Map<string, () => void>();
  const faults: ClickHouseFaults = { cutAfter: null, failAfter: null };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parameters = Object.fromEntries(new URL(request.url ?? '/', 'http://clickhouse').searchParams);
    const text = await readText(request);
    if (!signedIn(request, options))
      throw new ClickHouseRefusal(516, `${options.user}: Authentication failed`);
    statements.push({ ...parameters, query: text });
    if (/^KILL QUERY/.test(text)) {
      const ids = parameters.param_ids ?? '';
      for (const [id, kill] of held) if (ids.includes(id)) kill();
      response.end();
      return;
    }
    if (parameters.readonly !== '2')
      throw new ClickHouseRefusal(164, 'Cannot execute query in readonly mode');
    const [, statement = '', format] = /^([\s\S]*)\nFORMAT (\w+)$/.exec(text) ?? [];
    if (format !== 'JSONCompactEachRowWithNamesAndTypes')
      throw new ClickHouseRefusal(73, `Unknown format ${format}`);
    if (/\bhold\b/.test(statement) && !/^DESCRIBE/.test(statement)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(parameters.query_id ?? '', resolve);
      response.once('close', resolve);
      await promise;
      held.delete(parameters.query_id ?? '');
      throw new ClickHouseRefusal(394, 'Query was cancelled');
    }
    const known = [...recorded].find(([one]) => statement === one);
    if (known) response.end(known[1]);
    else await write(await runStatement(database, statement), response, faults);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((thrown: unknown) => {
      const refusal =
        thrown instanceof ClickHouseRefusal ? thrown : new ClickHouseRefusal(1002, String(thrown));
      const status = refusal.code === 516 ? 403 : 500;
      response.writeHead(status, { 'x-clickhouse-exception-code': String(refusal.code) });
      response.end(
        `Code: ${refusal.code}. DB::Exception: ${refusal.message}. (${refusal.type}) (version 26.7.2.1)\n`,
      );
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    faults,
    statements,
    held,
    answer: (statement, body) => recorded.set(statement, body),
    run: (sql) => database.rows(sql),
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
      database.close();
    },
  };
}

async function write(
  { names, types, rows }: Rows,
  response: ServerResponse,
  faults: ClickHouseFaults,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const lines = [names, types].map((line) => JSON.stringify(line));
  const stop = faults.cutAfter ?? faults.failAfter ?? rows.length;
  for (const row of rows.slice(0, stop)) lines.push(`[${row.map((cell) => cell ?? 'null').join(', ')}]`);
  const body = `${lines.join('\n')}\n`;
  if (faults.cutAfter !== null) {
    response.write(body, () => response.destroy());
    return;
  }
  if (faults.failAfter !== null) {
    response.write(
      `${body}\r\n__exception__\r\ntag\r\nCode: 241. DB::Exception: Query memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)\n`,
      () => response.destroy(),
    );
    return;
  }
  response.end(body);
}

function signedIn(request: IncomingMessage, { user, password }: { user: string; password: string }): boolean {
  const basic = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return request.headers.authorization === basic;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
