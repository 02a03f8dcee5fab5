import { SluiceError } from '@sluice/domain/error';
import type { ConnectContext } from '../../kit/context.ts';
import { connectPg, type PgSession } from '../../kit/pg-connection.ts';
import type { PgSettings } from '../../kit/pg-settings.ts';

/** Keeps a query from running for ever; `null` = only the reader's own limit holds. */
export type ReadLimits = { readonly totalMs: number | null };

/**
 * Opens a session, begins a read-only transaction over one snapshot with settings that fix how values are written,
 * does the work and ends both. Throws `source_timeout` after `totalMs`, having cancelled the query on the server.
 */
export async function inReadTransaction<T>(
  settings: PgSettings,
  context: ConnectContext,
  limits: ReadLimits,
  work: (session: PgSession, stop: (afterMs: number) => void) => Promise<T>,
): Promise<T> {
  const session = await connectPg(settings, context, 'source');
  let late: number | null = null;
  // The server's own statement_timeout can be reset by the query that it should stop (measured), so the clock is ours.
  const stop = (afterMs: number) => {
    late = afterMs;
    session.cancel().then(session.end, session.end);
  };
  const { totalMs } = limits;
  const timer = totalMs === null ? null : setTimeout(() => stop(totalMs), totalMs);
  try {
    await session.run(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${fixedSettings}`);
    return await work(session, stop);
  } catch (thrown) {
    if (late !== null && !context.signal.aborted) throw timeout(late, thrown);
    throw thrown;
  } finally {
    if (timer) clearTimeout(timer);
    await session.end();
  }
}

function timeout(afterMs: number, cause: unknown): SluiceError {
  const seconds = Math.round(afterMs / 1000);
  return new SluiceError(
    'source_timeout',
    `The source sent nothing within ${seconds} seconds; the query was cancelled.`,
    { cause },
  );
}

const fixedSettings = [
  "SET LOCAL TimeZone = 'UTC'",
  "SET LOCAL DateStyle = 'ISO, YMD'",
  "SET LOCAL IntervalStyle = 'iso_8601'",
  'SET LOCAL extra_float_digits = 1',
  "SET LOCAL bytea_output = 'hex'",
  'SET LOCAL standard_conforming_strings = on',
  'SET LOCAL statement_timeout = 0',
  'SET LOCAL idle_in_transaction_session_timeout = 0',
].join('; ');
