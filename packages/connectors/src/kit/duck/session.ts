import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { SluiceError } from '@sluice/domain/error';
import { abortError, throwIfAborted } from '../aborted.ts';
import type { ConnectContext } from '../context.ts';
import { queryFailure } from './query-failure.ts';

/** Where the data of a session is. */
export interface DuckPlace {
  /** A database file, opened for reading only; `null`: one in memory, filled by `setUp`. */
  readonly file: string | null;
  /** Schema in which names without one are looked up. */
  readonly schema: string;
  /** Runs while files can still be reached. */
  readonly setUp: readonly string[];
  /** Files that queries go on reading once the doors are shut. */
  readonly readable: readonly string[];
  /** Removes what was made for the session. Never throws. */
  release(): Promise<void>;
}

export interface DuckSession {
  readonly connection: DuckDBConnection;
  /** Rows as text. */
  rows(sql: string): Promise<(string | null)[][]>;
}

export interface DuckLimits {
  /** Longest time of all queries of the session; `null` = no limit. */
  readonly totalMs: number | null;
  /** The one file that may be written. */
  readonly output?: string;
}

/**
 * Opens a place for reading, shuts DuckDB off from other files, the network, extensions and settings, does the work and
 * closes it. Running queries are interrupted when the signal aborts or the time is over (`source_timeout`).
 */
export async function inDuckSession<T>(
  open: () => Promise<DuckPlace>,
  context: ConnectContext,
  limits: DuckLimits,
  work: (session: DuckSession) => Promise<T>,
): Promise<T> {
  throwIfAborted(context.signal);
  const place = await open();
  try {
    return await inPlace(place, context, limits, work);
  } finally {
    await place.release();
  }
}

async function inPlace<T>(
  place: DuckPlace,
  context: ConnectContext,
  limits: DuckLimits,
  work: (session: DuckSession) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(place.file ?? ':memory:', {
    ...(place.file !== null && { access_mode: 'READ_ONLY' }),
    memory_limit: '192MB',
    threads: '2',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  }).catch((thrown: unknown) => {
    throw queryFailure(thrown);
  });
  const connection = await instance.connect();
  let late = false;
  const interrupt = () => connection.interrupt();
  const { totalMs } = limits;
  const expire = () => {
    late = true;
    interrupt();
  };
  const timer = totalMs === null ? null : setTimeout(expire, totalMs);
  context.signal.addEventListener('abort', interrupt, { once: true });
  try {
    await setUp(connection, place.setUp);
    throwIfAborted(context.signal);
    for (const statement of confinement(place, limits.output)) await connection.run(statement);
    return await work({
      connection,
      rows: async (sql) => (await connection.runAndReadAll(sql)).getRowsJson() as (string | null)[][],
    });
  } catch (thrown) {
    if (context.signal.aborted) throw abortError(context.signal);
    if (late) {
      throw new SluiceError(
        'source_timeout',
        `The query took longer than ${Math.round((totalMs ?? 0) / 1000)} seconds and was stopped.`,
        { cause: thrown },
      );
    }
    throw queryFailure(thrown);
  } finally {
    if (timer) clearTimeout(timer);
    context.signal.removeEventListener('abort', interrupt);
    connection.closeSync();
    instance.closeSync();
  }
}

/** What goes wrong here is about the data, not about a query. */
async function setUp(connection: DuckDBConnection, statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    await connection.run(statement).catch((cause: unknown) => {
      const failure = queryFailure(cause);
      if (!(failure instanceof SluiceError) || failure.code !== 'query_invalid') throw cause;
      throw new SluiceError('source_failed', `A file cannot be read. ${failure.message}`, {
        fix: 'Open the file with another program; write it anew if that cannot read it either.',
        cause,
      });
    });
  }
}

/** Text in DuckDB's quotes. */
export const duckText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** In this order: what may be reached has to be said before the door is shut, and settings are locked last. */
function confinement({ schema, readable }: DuckPlace, output: string | undefined): string[] {
  const paths = [...readable, ...(output === undefined ? [] : [output])];
  return [
    // Otherwise moments would be written in the zone of the machine.
    "SET TimeZone = 'UTC'",
    `SET search_path = ${duckText(schema)}`,
    ...(paths.length === 0 ? [] : [`SET allowed_paths = [${paths.map(duckText).join(', ')}]`]),
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ];
}
