import { connect as connectTcp, isIP } from 'node:net';
import { SluiceError } from '@sluice/domain/error';
import { type Connection, createConnection, type FieldPacket, type Query } from 'mysql2';
import { abortError, throwIfAborted } from '../aborted.ts';
import type { ConnectContext } from '../context.ts';
import { findWay, type Way } from '../way.ts';
import { mysqlError, type Side } from './error.ts';
import { type ByteHandlers, takeBytes } from './row-bytes.ts';
import type { MysqlSettings } from './settings.ts';

/** Cells as the server sent them, `null` for NULL. */
export type RawRow = (Buffer | null)[];

export interface RowHandlers {
  fields(fields: FieldPacket[]): void;
  row(row: RawRow): void;
}

/**
 * A session with one MySQL or MariaDB server. All methods throw SluiceErrors (`cause` is the driver's error), or the
 * signal's reason when it aborted: then the session is over.
 */
export interface MysqlSession {
  /** Number of the session at the server. */
  readonly id: number;
  readonly client: Connection;
  /** One statement; the server refuses more than one. For small results. */
  rows(text: string, values?: readonly unknown[]): Promise<(string | null)[][]>;
  /** One statement; hands over the columns, then each row, and answers when the server said that it was the last. */
  each(text: string, on: RowHandlers): Promise<void>;
  /** The same with each row as the bytes that the server sent. */
  eachBytes(text: string, on: ByteHandlers): Promise<void>;
  pause(): void;
  resume(): void;
  /** Stops the running statement, over a session of its own. Never throws. */
  cancel(): Promise<void>;
  /** Turns a failure of `client` into what the methods here would throw. */
  failure(thrown: unknown): Error;
  /** Ends the session. Never throws; safe to call twice. */
  end(): Promise<void>;
}

/**
 * Connects and signs in, straight or by way of an SSH server. The host that is dialled is checked by the egress guard, and
 * exactly the checked address is dialled. Reads no local files whatever the server asks for. Throws `egress_refused`,
 * `*_unreachable`, `*_tls`, `*_auth`, and what a tunnel throws.
 */
export async function connectMysql(
  settings: MysqlSettings,
  context: ConnectContext,
  side: Side,
): Promise<MysqlSession> {
  throwIfAborted(context.signal);
  const state = { connected: false };
  const failure = (thrown: unknown): Error => {
    if (context.signal.aborted) return abortError(context.signal);
    return mysqlError(thrown, { side, settings, connected: state.connected });
  };
  const refuse = (thrown: unknown): never => {
    throw failure(thrown);
  };
  const way = await findWay(settings, context, side).catch(refuse);
  const client = await dial(settings, context, way).catch(refuse);
  state.connected = true;
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    throwIfAborted(context.signal);
    try {
      return await work();
    } catch (thrown) {
      throw failure(thrown);
    }
  };
  // The driver tells a broken connection to the session, not to the statement that waits for its answer.
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  client.on('error', broken.reject);
  const end = async () => {
    context.signal.removeEventListener('abort', end);
    client.destroy();
    broken.reject(new Error('the session has ended'));
  };
  const run = (text: string, values: readonly unknown[], on: RowHandlers): Promise<void> =>
    Promise.race([answered(client.query({ ...raw, sql: text, values: [...values] }), on), broken.promise]);
  context.signal.addEventListener('abort', end, { once: true });
  if (context.signal.aborted) await end();
  return {
    id: client.threadId ?? 0,
    client,
    rows: (text, values = []) =>
      guarded(async () => {
        const found: RawRow[] = [];
        await run(text, values, { fields: () => {}, row: (row) => found.push(row) });
        return found.map((row) => row.map((cell) => cell?.toString('utf8') ?? null));
      }),
    each: (text, on) => guarded(() => run(text, [], on)),
    eachBytes: (text, on) =>
      guarded(() => Promise.race([takeBytes(client.query({ ...raw, sql: text }), on), broken.promise])),
    pause: () => client.pause(),
    resume: () => client.resume(),
    cancel: () => kill(settings, { ...context, signal: AbortSignal.timeout(cancelMs) }, way, client.threadId),
    failure,
    end,
  };
}

const cancelMs = 5_000;
const raw = { rowsAsArray: true, typeCast: false } as const;

function answered(query: Query, on: RowHandlers): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  query.on('error', reject);
  query.on('fields', (fields: FieldPacket[] | undefined) => {
    if (fields) on.fields(fields);
  });
  query.on('result', (row: unknown) => {
    // What a statement without a result answers is an object.
    if (Array.isArray(row)) on.row(row as RawRow);
  });
  query.on('end', () => resolve());
  return promise;
}

async function dial(settings: MysqlSettings, context: ConnectContext, way: Way): Promise<Connection> {
  if (settings.sslMode === 'verify-full' && isIP(settings.host) !== 0) {
    throw new SluiceError('input_invalid', 'SSL mode Verify full needs a host name, not an address.', {
      fields: { 'configuration.host': 'Enter the host name that the certificate is made out to.' },
    });
  }
  const { address } = way;
  const forwarded = address === null ? await way.dial(context.signal) : null;
  const client = createConnection({
    host: settings.host,
    port: settings.port,
    stream: () =>
      forwarded ?? connectTcp({ host: address ?? '', port: settings.port, noDelay: true, keepAlive: true }),
    user: settings.user,
    password: settings.password,
    database: settings.database,
    charset: 'utf8mb4',
    connectTimeout: context.timeouts.connectMs,
    multipleStatements: false,
    flags: ['-LOCAL_FILES'],
    connectAttributes: { program_name: context.label },
    ...(settings.sslMode !== 'disable' && {
      ssl: {
        minVersion: 'TLSv1.2',
        rejectUnauthorized: settings.sslMode === 'verify-full',
        verifyIdentity: settings.sslMode === 'verify-full',
        ...(settings.sslCa !== null && { ca: settings.sslCa }),
        ...settings.clientCertificate,
      },
    }),
  });
  const cut = () => client.destroy();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = () => {
    cut();
    reject(abortError(context.signal));
  };
  context.signal.addEventListener('abort', onAbort, { once: true });
  // Errors between statements have nobody else to hear them; the next statement reports that the session is gone.
  client.on('error', reject);
  client.once('connect', () => resolve());
  try {
    await promise;
    return client;
  } catch (thrown) {
    cut();
    throw thrown;
  } finally {
    context.signal.removeEventListener('abort', onAbort);
  }
}

async function kill(
  settings: MysqlSettings,
  context: ConnectContext,
  way: Way,
  id: number | null,
): Promise<void> {
  if (id === null) return;
  try {
    const client = await dial(settings, context, way);
    try {
      await answered(client.query({ sql: `KILL QUERY ${Number(id)}` }), { fields: () => {}, row: () => {} });
    } finally {
      client.destroy();
    }
  } catch {
    // The session is ended next, which stops the statement when the server tries to send.
  }
}
