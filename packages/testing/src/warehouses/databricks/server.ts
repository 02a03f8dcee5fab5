import { randomUUID } from 'node:crypto';
import { type HttpAnswer, type ReceivedRequest, startHttpServer } from '../../http-server.ts';
import { openDuckDatabase } from '../duck-database.ts';
import {
  type Parameter,
  preparations,
  runStatement,
  StatementFailure,
  type StatementResult,
} from './statements.ts';

/** How the service misbehaves; all of it can be changed while it runs. */
export interface DatabricksFaults {
  /** Answers so many requests with 429 and `Retry-After: 0` first. */
  throttled: number;
  /** The same with 503. */
  unavailable: number;
  /** The warehouse sleeps: statements wait for so many looks at them. */
  starting: number;
  /** So many downloads find their link ended. */
  endedLinks: number;
  /** So many downloads break off in the middle. */
  cutDownloads: number;
  /** Says that there is one row more than there is. */
  loseRows: boolean;
  /** Cuts results off at the limit of bytes. */
  truncate: boolean;
  /** Takes no token that was given before. */
  expireTokens: boolean;
  /** Forbids the warehouse. */
  forbidWarehouse: boolean;
}

export interface DatabricksServer {
  readonly port: number;
  /** Of the cloud's storage, where results are fetched. */
  readonly storagePort: number;
  readonly url: string;
  readonly faults: DatabricksFaults;
  /** Statements that were run, in order. */
  readonly statements: string[];
  /** What a client must not do: has to stay empty. */
  readonly violations: string[];
  /** Statements that run right now. */
  running(): number;
  /** Runs a statement at the DuckDB behind the server. */
  run(sql: string): Promise<(string | null)[][]>;
  close(): Promise<void>;
}

interface Statement {
  state: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELED';
  result: StatementResult | null;
  failure: string;
  /** Looks at it until the warehouse has started. */
  sleeps: number;
}

const linkMs = 15 * 60_000;

/**
 * A server that speaks the Statement Execution API of Databricks (facts: the vendor's reference, 2026-11), with DuckDB behind it and
 * a second server as the cloud's storage. It does not judge Databricks' SQL, rights or costs. A statement with `system_wait()` runs until
 * it is cancelled.
 */
export async function startDatabricksServer(options: {
  readonly warehouse: string;
  readonly principal: { readonly id: string; readonly secret: string; readonly token: string };
  readonly chunkRows?: number;
}): Promise<DatabricksServer> {
  const database = await openDuckDatabase();
  for (const statement of preparations) await database.rows(statement);
  const statements = new Map<string, Statement>();
  const texts: string[] = [];
  const violations: string[] = [];
  const tokens = new Set([options.principal.token]);
  const files = new Map<string, Uint8Array>();
  const faults: DatabricksFaults = {
    throttled: 0,
    unavailable: 0,
    starting: 0,
    endedLinks: 0,
    cutDownloads: 0,
    loseRows: false,
    truncate: false,
    expireTokens: false,
    forbidWarehouse: false,
  };
  const take = (fault: 'throttled' | 'unavailable' | 'endedLinks' | 'cutDownloads'): boolean => {
    if (faults[fault] === 0) return false;
    faults[fault] -= 1;
    return true;
  };

  const storage = await startHttpServer(
    ({ path, headers }) => {
      if (headers.authorization) violations.push('a token was sent to the storage');
      if (headers['x-decrypt'] !== 'key-1') violations.push('the headers of a link were left out');
      const bytes = files.get(path);
      if (!bytes || take('endedLinks'))
        return { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' };
      const body = Buffer.from(bytes);
      return {
        headers: { 'content-type': 'application/octet-stream' },
        body,
        ...(take('cutDownloads') && { fault: 'cut' as const }),
      };
    },
    { tls: true },
  );

  const signIn = (request: ReceivedRequest): HttpAnswer => {
    const { id, secret } = options.principal;
    const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const form = new URLSearchParams(request.body);
    if (request.headers.authorization !== basic || form.get('scope') !== 'all-apis')
      return {
        status: 401,
        body: { error: 'invalid_client', error_description: 'Client authentication failed' },
      };
    const token = `eyJ.${randomUUID()}`;
    tokens.add(token);
    return { body: { access_token: token, token_type: 'Bearer', expires_in: 3_600 } };
  };

  const linkOf = (id: string, chunk: number, result: StatementResult) => {
    const path = `/results/${id}/${chunk}?X-Signature=${randomUUID()}`;
    files.set(path, result.chunks[chunk]?.bytes ?? new Uint8Array());
    return {
      chunk_index: chunk,
      row_count: result.chunks[chunk]?.rows,
      external_link: `${storage.url}${path}`,
      expiration: new Date(Date.now() + linkMs).toISOString(),
      http_headers: { 'x-decrypt': 'key-1' },
      ...(chunk + 1 < result.chunks.length && { next_chunk_index: chunk + 1 }),
    };
  };

  const answerOf = (id: string, statement: Statement): HttpAnswer => {
    const { state, result, failure } = statement;
    const error = state === 'FAILED' ? { error: { error_code: 'BAD_REQUEST', message: failure } } : {};
    if (state !== 'SUCCEEDED' || !result) return { body: { statement_id: id, status: { state, ...error } } };
    return {
      body: {
        statement_id: id,
        status: { state },
        manifest: {
          format: 'ARROW_STREAM',
          schema: { column_count: result.columns.length, columns: result.columns },
          total_chunk_count: result.chunks.length,
          total_row_count: result.rows + (faults.loseRows ? 1 : 0),
          truncated: faults.truncate,
        },
        ...(result.chunks.length > 0 && { result: { external_links: [linkOf(id, 0, result)] } }),
      },
    };
  };

  const execute = async (request: ReceivedRequest): Promise<HttpAnswer> => {
    const body = request.json<{
      statement: string;
      warehouse_id: string;
      format: string;
      disposition: string;
      wait_timeout: string;
      parameters?: readonly Parameter[];
    }>();
    if (body.format !== 'ARROW_STREAM' || body.disposition !== 'EXTERNAL_LINKS')
      violations.push('Arrow comes behind links only');
    const wait = Number(/^(\d+)s$/.exec(body.wait_timeout)?.[1]);
    if (!(wait === 0 || (wait >= 5 && wait <= 50))) violations.push('wait_timeout is 0s, or 5s to 50s');
    if (faults.forbidWarehouse)
      return refusal(
        403,
        'PERMISSION_DENIED',
        `${options.principal.id} is not authorized to use this SQL warehouse.`,
      );
    if (body.warehouse_id !== options.warehouse)
      return refusal(404, 'NOT_FOUND', `SQL warehouse ${body.warehouse_id} does not exist`);
    const id = randomUUID();
    texts.push(body.statement);
    const waits = /system_wait\(\)/i.test(body.statement);
    const statement: Statement = { state: 'RUNNING', result: null, failure: '', sleeps: faults.starting };
    statements.set(id, statement);
    if (statement.sleeps > 0) statement.state = 'PENDING';
    const work = async () => {
      try {
        statement.result = await runStatement(
          database,
          body.statement,
          options.chunkRows ?? 2_000,
          body.parameters,
        );
        if (statement.state === 'RUNNING') statement.state = 'SUCCEEDED';
      } catch (error) {
        if (!(error instanceof StatementFailure)) throw error;
        statement.state = 'FAILED';
        statement.failure = error.message;
      }
    };
    if (!waits) await work();
    return answerOf(id, statement);
  };

  const look = (id: string, statement: Statement): HttpAnswer => {
    if (statement.state === 'PENDING') {
      statement.sleeps -= 1;
      if (statement.sleeps <= 0) statement.state = statement.result ? 'SUCCEEDED' : 'RUNNING';
    }
    return answerOf(id, statement);
  };

  const work = async (request: ReceivedRequest): Promise<HttpAnswer> => {
    if (faults.expireTokens) {
      faults.expireTokens = false;
      tokens.clear();
    }
    if (!tokens.has(request.headers.authorization?.replace(/^Bearer /, '') ?? ''))
      return refusal(
        401,
        'UNAUTHENTICATED',
        'Credential was not sent or was of an unsupported type for this API.',
      );
    if (take('throttled'))
      return {
        ...refusal(429, 'REQUEST_LIMIT_EXCEEDED', 'Too many requests'),
        headers: { 'retry-after': '0' },
      };
    if (take('unavailable'))
      return refusal(503, 'TEMPORARILY_UNAVAILABLE', 'The service is temporarily unavailable');
    if (request.path === '/api/2.0/preview/scim/v2/Me') return { body: { userName: options.principal.id } };
    if (request.path === '/api/2.0/sql/statements' && request.method === 'POST') return execute(request);
    const [, id = '', verb, chunk] =
      /^\/api\/2\.0\/sql\/statements\/([^/]+)(?:\/(cancel|result\/chunks\/(\d+)))?$/.exec(request.path) ?? [];
    const statement = statements.get(id);
    if (!statement) return refusal(404, 'RESOURCE_DOES_NOT_EXIST', `The statement ${id} was not found.`);
    if (verb === 'cancel') {
      if (['RUNNING', 'PENDING'].includes(statement.state)) statement.state = 'CANCELED';
      return { body: {} };
    }
    if (chunk === undefined) return look(id, statement);
    if (!statement.result) return refusal(400, 'BAD_REQUEST', 'The statement has no result.');
    return { body: { external_links: [linkOf(id, Number(chunk), statement.result)] } };
  };

  const server = await startHttpServer(
    (request) => (request.path === '/oidc/v1/token' ? signIn(request) : work(request)),
    { tls: true },
  );
  return {
    port: server.port,
    storagePort: storage.port,
    url: server.url,
    faults,
    statements: texts,
    violations,
    running: () =>
      [...statements.values()].filter(({ state }) => ['RUNNING', 'PENDING'].includes(state)).length,
    run: (sql) => database.rows(sql),
    async close() {
      await server.close();
      await storage.close();
      database.close();
    },
  };
}

const refusal = (status: number, error_code: string, message: string): HttpAnswer => ({
  status,
  body: { error_code, message },
});
