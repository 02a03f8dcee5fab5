import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { Client, type QueryConfig, type QueryResult, type QueryResultRow, type Submittable } from 'pg';
import { abortError, throwIfAborted } from './aborted.ts';
import type { ConnectContext } from './context.ts';
import { pgError, type Side } from './pg-error.ts';
import type { PgSettings } from './pg-settings.ts';
import { cancelPg } from './pg-wire.ts';
import { findWay } from './way.ts';

/**
 * A session with one PostgreSQL server. All methods throw SluiceErrors (`source_*` or `destination_*` by side;
 * `cause` is the driver's error), or the signal's reason when it aborted: then the running statement is cancelled on
 * the server and the session is over.
 */
export interface PgSession {
  /** The driver's client, for COPY streams and transactions. Its own promises reject with the driver's errors. */
  readonly client: Client;
  /** One statement over the extended protocol, which refuses more than one. Values as the driver parses them. */
  query<R extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<R>>;
  /** One statement over the extended protocol; rows as arrays of text, `null` for NULL. */
  queryText(text: string, values?: readonly unknown[]): Promise<(string | null)[][]>;
  /** Our own fixed text only (BEGIN, SET, COMMIT …): over the simple protocol, so several statements may be in it. */
  run(text: string): Promise<void>;
  /** Runs a query object of one's own, such as a COPY stream. `done` settles when it is over. */
  submit<Q extends Submittable, T>(query: Q, done: (query: Q) => Promise<T>): Promise<T>;
  /** Asks the server to stop the running statement, over a connection of its own. Never throws. */
  cancel(): Promise<void>;
  /** Turns a failure of `client` into what the methods here would throw. */
  failure(thrown: unknown): Error;
  /** Ends the session. Never throws; safe to call twice. */
  end(): Promise<void>;
}

/** How long a server may take to act on a cancel before the connection is cut. */
const cancelGraceMs = 1_500;

/**
 * Connects and signs in, straight or by way of an SSH server. The host that is dialled is resolved and checked by the egress
 * guard, and exactly the checked address is dialled; nothing is taken from `PG…` variables, service or password files. The session shows `context.label` as its
 * application name. Throws `egress_refused`, `*_unreachable`, `*_tls`, `*_auth`, and what a
 * tunnel throws.
 */
export async function connectPg(
  settings: PgSettings,
  context: ConnectContext,
  side: Side,
): Promise<PgSession> {
  throwIfAborted(context.signal);
  const state = { connected: false, key: null as BackendKey | null };
  const failure = (thrown: unknown): Error => {
    if (context.signal.aborted) return abortError(context.signal);
    return pgError(thrown, { side, host: settings.host, port: settings.port, connected: state.connected });
  };
  const refuse = (thrown: unknown): never => {
    throw failure(thrown);
  };
  const way = await findWay(settings, context, side).catch(refuse);
  // The driver dials addresses by itself; through an SSH server it is given what was dialled.
  const forwarded = way.address === null ? await way.dial(context.signal).catch(refuse) : null;
  const client = new Client({
    host: way.address ?? settings.host,
    port: settings.port,
    ...(forwarded && { stream: () => forwarded }),
    database: settings.database,
    user: settings.user,
    // A function also when empty: the driver would look for PGPASSWORD and password files otherwise.
    password: () => settings.password,
    ssl: pgSsl(settings),
    application_name: context.label,
    client_encoding: 'UTF8',
    connectionTimeoutMillis: context.timeouts.connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
  });
  // Errors between statements have nobody else to hear them; the next statement reports that the session is gone.
  client.on('error', () => {});
  client.connection.once('backendKeyData', (message: { processID: number; secretKey: number }) => {
    state.key = { processId: message.processID, secretKey: message.secretKey };
  });
  const cut = () => {
    client.connection.stream.destroy();
    forwarded?.destroy();
  };
  const cutOnAbort = () => cut();
  context.signal.addEventListener('abort', cutOnAbort, { once: true });
  try {
    await client.connect();
  } catch (thrown) {
    cut();
    throw failure(thrown);
  } finally {
    context.signal.removeEventListener('abort', cutOnAbort);
  }
  state.connected = true;
  const cancel = async () => {
    const { connectMs } = context.timeouts;
    const dial = () => way.dial(AbortSignal.timeout(connectMs));
    if (state.key) await cancelPg(dial, connectMs, pgSsl(settings), state.key);
  };
  return createSession(client, context, { cancel, cut }, failure);
}

/** What a server wants to hear before it cancels a session's statement. */
interface BackendKey {
  readonly processId: number;
  readonly secretKey: number;
}

function createSession(
  client: Client,
  context: ConnectContext,
  { cancel, cut }: { cancel(): Promise<void>; cut(): void },
  failure: (thrown: unknown) => Error,
): PgSession {
  let ending: Promise<void> | null = null;
  const end = () => {
    context.signal.removeEventListener('abort', onAbort);
    ending ??= closeClient(client, cut);
    return ending;
  };
  const onAbort = () => {
    cancel().then(end, end);
  };
  context.signal.addEventListener('abort', onAbort, { once: true });
  if (context.signal.aborted) onAbort();

  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    throwIfAborted(context.signal);
    try {
      return await work();
    } catch (thrown) {
      throw failure(thrown);
    }
  };
  return {
    client,
    query: <R extends QueryResultRow>(text: string, values?: readonly unknown[]) =>
      guarded(() => client.query<R>(extended(text, values))),
    queryText: (text, values) =>
      guarded(async () => {
        const config = { ...extended(text, values), rowMode: 'array' as const, types: asText };
        const result = await client.query<(string | null)[]>(config);
        return result.rows;
      }),
    run: (text) => guarded(() => client.query(text).then(() => {})),
    submit: (query, done) =>
      guarded(() => {
        client.query(query);
        return done(query);
      }),
    cancel,
    failure,
    end,
  };
}

/** `queryMode` makes the driver use the extended protocol also without values; its type definitions lack it. */
function extended(text: string, values: readonly unknown[] = []): QueryConfig & { queryMode: 'extended' } {
  return { text, values: [...values], queryMode: 'extended' };
}

const asText = { getTypeParser: () => (value: string | Buffer) => String(value) };

/** The driver's TLS options of an SSL mode. */
export function pgSsl(
  settings: Pick<PgSettings, 'host' | 'sslMode' | 'sslCa' | 'clientCertificate'>,
): false | ConnectionOptions {
  if (settings.sslMode === 'disable') return false;
  // The driver dials an address, so the name for SNI and for the certificate has to be given.
  const name = isIP(settings.host) === 0 ? { servername: settings.host } : {};
  const common = { host: settings.host, ...name, ...settings.clientCertificate };
  if (settings.sslMode === 'require') return { ...common, rejectUnauthorized: false };
  return { ...common, rejectUnauthorized: true, ...(settings.sslCa !== null && { ca: [settings.sslCa] }) };
}

async function closeClient(client: Client, cut: () => void): Promise<void> {
  // A statement that a cancel did not stop would hold up a polite end.
  const timer = setTimeout(cut, cancelGraceMs);
  await client.end().catch(() => {});
  clearTimeout(timer);
  cut();
}
