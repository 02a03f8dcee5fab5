import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { localCertificate } from '../../certificates.ts';
import { openDuckDatabase } from '../duck-database.ts';
import { refuseSignIn, type SnowflakeUser } from './sign-in.ts';
import {
  type Bindings,
  preparations,
  runStatement,
  SnowflakeRefusal,
  type WireResult,
} from './statements.ts';

/** How the server misbehaves; all of it can be changed while it runs. */
export interface SnowflakeFaults {
  /** Answers so many requests with 503 first. */
  unavailable: number;
  /** Ends sessions: the next statement finds its token expired and renews it. */
  expireSessions: boolean;
  /** Breaks the connection in the middle of each chunk. */
  cutChunks: boolean;
  /** Says that there are more rows than it gives. */
  loseRows: boolean;
}

export interface SnowflakeServer {
  readonly port: number;
  readonly url: string;
  readonly faults: SnowflakeFaults;
  /** Texts of the statements that were run, in order. */
  readonly statements: string[];
  /** Statements that run right now. */
  running(): number;
  /** Runs a statement at the DuckDB behind the server. */
  run(sql: string): Promise<(string | null)[][]>;
  close(): Promise<void>;
}

const inlineRows = 100;
const chunkRows = 2_000;

/**
 * A server that speaks the wire protocol of Snowflake's own drivers (facts: the driver's source, 3.3.0, November 2026), with
 * DuckDB behind it. It does not judge Snowflake's SQL, rights or costs. `select system$wait(n)` takes n seconds.
 */
export async function startSnowflakeServer(options: {
  readonly account: string;
  readonly users: readonly SnowflakeUser[];
}): Promise<SnowflakeServer> {
  const database = await openDuckDatabase();
  for (const statement of preparations) await database.rows(statement);
  const faults: SnowflakeFaults = {
    unavailable: 0,
    expireSessions: false,
    cutChunks: false,
    loseRows: false,
  };
  const statements: string[] = [];
  /** Parameters of each session, by its token. */
  const sessions = new Map<string, Record<string, string>>();
  const expired = new Map<string, Record<string, string>>();
  const chunks = new Map<string, Buffer>();
  const answered = new Map<string, Promise<Answer>>();
  const waiting = new Map<string, { cancel(): void; readonly answer: Promise<Answer> }>();
  let url = '';

  const signIn = (body: Body): Answer => {
    const refusal = refuseSignIn(body.data ?? {}, options.account, options.users);
    if (refusal) return failed(refusal, 'Incorrect username or password was specified.');
    return succeeded({ ...session(), parameters: [], sessionInfo: {}, sessionId: 1, serverVersion: '10.1' });
  };
  const session = () => {
    const token = randomUUID();
    sessions.set(token, {});
    return {
      token,
      masterToken: `master-${token}`,
      validityInSeconds: 3_600,
      masterValidityInSeconds: 14_400,
    };
  };

  const query = async (
    body: Body,
    requestId: string,
    parameters: Record<string, string>,
  ): Promise<Answer> => {
    // A retry has the same request id and must not run twice.
    const before = answered.get(requestId);
    if (before) return before;
    const text = body.sqlText ?? '';
    statements.push(text);
    const queryId = randomUUID();
    const answer = execute(text, queryId, parameters, body.bindings);
    answered.set(requestId, answer);
    return answer;
  };

  const execute = async (
    text: string,
    queryId: string,
    parameters: Record<string, string>,
    bindings?: Bindings,
  ): Promise<Answer> => {
    const slow = /system\$wait\((\d+)\)/i.exec(text);
    if (slow) {
      const { promise, resolve } = Promise.withResolvers<Answer>();
      const timer = setTimeout(
        () => resolve(failed('000630', 'Statement reached its timeout.')),
        Number(slow[1]) * 1_000,
      );
      const cancel = () => {
        clearTimeout(timer);
        waiting.delete(queryId);
        resolve(failed('000604', 'SQL execution canceled', { queryId, sqlState: '57014' }));
      };
      waiting.set(queryId, { cancel, answer: promise });
      return inProgress(queryId);
    }
    try {
      const result = await runStatement(database, text, bindings);
      Object.assign(parameters, result.parameters);
      return succeeded(resultOf({ ...result, parameters }, queryId));
    } catch (error) {
      if (!(error instanceof SnowflakeRefusal)) throw error;
      return failed(error.code, error.message, { queryId, sqlState: error.sqlState });
    }
  };

  const resultOf = (result: WireResult, queryId: string): Record<string, unknown> => {
    const inline = result.rows.slice(0, inlineRows);
    const list: Record<string, unknown>[] = [];
    for (let from = inlineRows; from < result.rows.length; from += chunkRows) {
      const rows = result.rows.slice(from, from + chunkRows);
      const text = rows.map((row) => JSON.stringify(row)).join(',');
      const id = randomUUID();
      chunks.set(id, gzipSync(text));
      list.push({
        url: `${url}/chunks/${id}`,
        rowCount: rows.length,
        uncompressedSize: text.length,
        compressedSize: chunks.get(id)?.length,
      });
    }
    const total = result.rows.length + (faults.loseRows ? 1 : 0);
    return {
      queryId,
      parameters: Object.entries(result.parameters).map(([name, value]) => ({ name, value })),
      rowtype: result.rowtype,
      rowset: inline,
      total,
      returned: total,
      statementTypeId: result.statementTypeId,
      version: 1,
      queryResultFormat: 'json',
      finalDatabaseName: null,
      ...(list.length > 0 && { chunks: list, chunkHeaders: {} }),
    };
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    if (pathname.startsWith('/chunks/')) return sendChunk(response, pathname.slice('/chunks/'.length));
    const body = await readBody(request);
    if (faults.unavailable > 0) {
      faults.unavailable -= 1;
      response.writeHead(503).end();
      return;
    }
    const answer = await answerTo(request, pathname, searchParams, body);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  };

  const answerTo = async (
    request: IncomingMessage,
    path: string,
    parameters: URLSearchParams,
    body: Body,
  ): Promise<Answer> => {
    if (path === '/session/v1/login-request') return signIn(body);
    const token = /^Snowflake Token="(.*)"$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (path === '/session/token-request') {
      const { token: sessionToken, masterToken } = session();
      sessions.set(sessionToken, {
        ...expired.get((body as { oldSessionToken?: string }).oldSessionToken ?? ''),
      });
      return succeeded({
        sessionToken,
        masterToken,
        validityInSecondsST: 3_600,
        validityInSecondsMT: 14_400,
      });
    }
    if (faults.expireSessions) {
      faults.expireSessions = false;
      for (const [name, held] of sessions) expired.set(name, held);
      sessions.clear();
    }
    if (path.startsWith('/session')) return succeeded({});
    const held = sessions.get(token);
    if (!held) return failed('390112', 'Session token has expired.');
    if (path === '/queries/v1/query-request') return query(body, parameters.get('requestId') ?? '', held);
    const abort = /^\/queries\/([^/]+)\/abort-request$/.exec(path)?.[1];
    if (abort) {
      for (const [id, one] of waiting) if (abort === 'v1' || abort === id) one.cancel();
      return succeeded({});
    }
    const result = /^\/queries\/([^/]+)\/result$/.exec(path)?.[1];
    const pending = result ? waiting.get(result) : undefined;
    if (pending) return pending.answer;
    return failed('000709', 'Statement not found.');
  };

  const sendChunk = (response: ServerResponse, id: string): void => {
    const bytes = chunks.get(id);
    if (!bytes) {
      response.writeHead(403).end();
      return;
    }
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': bytes.length });
    if (!faults.cutChunks) {
      response.end(bytes);
      return;
    }
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  };

  const server = createServer(localCertificate, (request, response) => {
    route(request, response).catch((error: Error) => response.writeHead(500).end(error.message));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  url = `https://127.0.0.1:${port}`;
  return {
    port,
    url,
    faults,
    statements,
    running: () => waiting.size,
    run: (sql) => database.rows(sql),
    async close() {
      for (const one of waiting.values()) one.cancel();
      server.closeAllConnections();
      server.close();
      database.close();
    },
  };
}

interface Body {
  readonly sqlText?: string;
  readonly bindings?: Bindings;
  readonly data?: Record<string, string | undefined>;
}

interface Answer {
  readonly data: Record<string, unknown>;
  readonly code: string | null;
  readonly message: string | null;
  readonly success: boolean;
}

const succeeded = (data: Record<string, unknown>): Answer => ({
  data,
  code: null,
  message: null,
  success: true,
});

const failed = (code: string, message: string, data: Record<string, unknown> = {}): Answer => ({
  data: { errorCode: code, ...data },
  code,
  message,
  success: false,
});

const inProgress = (queryId: string): Answer => ({
  ...succeeded({ queryId, getResultUrl: `/queries/${queryId}/result` }),
  code: '333333',
  message: 'Query execution in progress.',
});

async function readBody(request: IncomingMessage): Promise<Body> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  if (bytes.length === 0) return {};
  const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
  return JSON.parse(text.toString('utf8')) as Body;
}
