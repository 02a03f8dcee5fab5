import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type DuckDatabase, openDuckDatabase } from '../duck-database.ts';

export const exampleToken = 'example-token-0123456789';

export interface ExampleServer {
  readonly url: string;
  readonly port: number;
  /** Breaks the connection after so many rows. */
  cutAfter: number | null;
  /** Queries that say `hold` and are waiting for their reader to leave. */
  held: number;
  close(): Promise<void>;
}

/**
 * An Example Warehouse with DuckDB behind it. Say here what the protocol is taken from, and what it does not judge: the
 * vendor's SQL, rights, costs.
 */
export async function startExampleServer(): Promise<ExampleServer> {
  const database = await openDuckDatabase();
  await database.rows('CREATE TABLE questions (id INTEGER PRIMARY KEY, name VARCHAR)');
  await database.rows("INSERT INTO questions VALUES (1, 'one'), (2, 'two')");
  const sockets = new Set<Socket>();
  const state = { cutAfter: null as number | null, held: 0 };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.headers.authorization !== `Bearer ${exampleToken}`)
      return refuse(response, 401, 'unauthorised', 'no');
    const { statement } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { statement: string };
    if (/\bhold\b/.test(statement) && request.url === '/query') {
      state.held += 1;
      await once(response, 'close');
      state.held -= 1;
      return;
    }
    const columns = await described(database, statement);
    const names = columns.map((_, index) => `c${index}`);
    const cells = columns.map(({ duck }, index) => cellOf(duck, `c${index}`));
    const rows =
      request.url === '/describe'
        ? []
        : await database.rows(
            `SELECT ${cells.join(', ')} FROM (${statement}\n) AS wire (${names.join(', ')})`,
          );
    const lines = [{ columns }, ...rows.slice(0, state.cutAfter ?? rows.length)].map((line) =>
      JSON.stringify(line),
    );
    if (state.cutAfter !== null && rows.length > state.cutAfter)
      return void response.write(`${lines.join('\n')}\n`, () => response.destroy());
    response.end(`${lines.join('\n')}\n${JSON.stringify({ rows: rows.length })}\n`);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((thrown: unknown) => {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      refuse(response, 400, thrown instanceof Refusal ? thrown.code : 'invalid', message);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    port,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
      database.close();
    },
  });
}

class Refusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ code, message }));
}

async function described(database: DuckDatabase, statement: string) {
  if ((await database.count(statement)) !== 1) throw new Refusal('read_only', 'one statement only');
  const columns = await database.describe(statement);
  // What writes is no subquery.
  await database.describe(`SELECT 1 FROM (${statement}\n) AS read`);
  if (new Set(columns.map(({ name }) => name)).size < columns.length)
    throw new Refusal('duplicate_column', 'two columns of one name');
  return columns.map(({ name, type }) => ({ name, type: typeOf(type), duck: type }));
}

function typeOf(duck: string): string {
  if (duck.endsWith(']')) return 'array';
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(duck)) return 'integer';
  return types[duck.replace(/\(.*$/s, '')] ?? 'text';
}

const types: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  DECIMAL: 'decimal',
  FLOAT: 'float',
  DOUBLE: 'float',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'moment',
  BLOB: 'bytes',
  JSON: 'json',
  STRUCT: 'json',
  MAP: 'json',
};

/** SQL of a cell as it travels: text. */
function cellOf(duck: string, column: string): string {
  switch (typeOf(duck)) {
    case 'float':
      return `CASE WHEN isinf(${column}) THEN CASE WHEN ${column} > 0 THEN 'Infinity' ELSE '-Infinity' END
        WHEN isnan(${column}) THEN 'NaN' ELSE ${column}::VARCHAR END`;
    case 'moment':
      return `(${column} AT TIME ZONE 'UTC')::VARCHAR`;
    case 'bytes':
      return `hex(${column})`;
    case 'array':
    case 'json':
      return `to_json(${column})::VARCHAR`;
    default:
      return `${column}::VARCHAR`;
  }
}
