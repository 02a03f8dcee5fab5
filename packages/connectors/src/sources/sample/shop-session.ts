import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { SluiceError } from '@sluice/domain/error';
import { abortError, throwIfAborted, untilAborted } from '../../kit/aborted.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { ensureShop } from './ensure-shop.ts';
import { queryFailure } from './query-failure.ts';

export interface ShopSession {
  readonly connection: DuckDBConnection;
  /** Rows as text. */
  rows(sql: string): Promise<(string | null)[][]>;
}

export interface ShopLimits {
  /** Longest time of all queries of the session; `null` = no limit. */
  readonly totalMs: number | null;
  /** The one file that may be written. */
  readonly output?: string;
}

/**
 * Opens the shop's file read-only, shuts DuckDB off from files, network, extensions and settings, does the work and
 * closes it. Running queries are interrupted when the signal aborts or the time is over (`source_timeout`).
 */
export async function inShopSession<T>(
  context: ConnectContext,
  limits: ShopLimits,
  work: (session: ShopSession) => Promise<T>,
): Promise<T> {
  throwIfAborted(context.signal);
  // Whoever leaves does not wait for the shop to be made; it goes on being made for the next one.
  const path = await untilAborted(ensureShop(context.sampleDirectory), context.signal);
  const instance = await DuckDBInstance.create(path, {
    access_mode: 'READ_ONLY',
    memory_limit: '192MB',
    threads: '2',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
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
    for (const statement of confinement(limits.output)) await connection.run(statement);
    throwIfAborted(context.signal);
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

/** In this order: what may be written has to be said before the door is shut, and settings are locked last. */
function confinement(output: string | undefined): string[] {
  return [
    "SET search_path = 'shop'",
    ...(output === undefined ? [] : [`SET allowed_paths = ['${output.replaceAll("'", "''")}']`]),
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ];
}
