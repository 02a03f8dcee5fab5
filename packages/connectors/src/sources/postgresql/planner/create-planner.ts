import { SluiceError } from '@sluice/domain/error';
import type { ConnectContext } from '../../../kit/context.ts';
import { modelStatement } from '../../../kit/model-statement.ts';
import { connectPg, type PgSession } from '../../../kit/pg-connection.ts';
import type { PgSettings } from '../../../kit/pg-settings.ts';
import { plannerSchema, type SourcePlanner } from '../../../kit/planner.ts';
import { queryLimitMs } from '../query-limit.ts';
import { inReadTransaction } from '../read-transaction.ts';
import { compare } from './compare.ts';
import { grantStatements } from './names.ts';
import { assertSchema, listMirrors, readMirror } from './read-mirror.ts';
import { advanceMirror, dropMirrors, rememberPrints, replaceMirror } from './write-mirror.ts';

/** The planner of a PostgreSQL source. Each method has a session of its own, which ends with it. */
export function createPlanner(settings: PgSettings, context: ConnectContext): SourcePlanner {
  const silenceMs = queryLimitMs(context);
  const write = <T>(work: (session: PgSession) => Promise<T>): Promise<T> =>
    inPlannerTransaction(settings, context, work);
  return {
    mirror: (syncId) =>
      write(async (session) => {
        await assertSchema(session);
        return readMirror(session, syncId);
      }),
    replace: (syncId, to, path) => write((session) => replaceMirror(session, syncId, to, path)),
    advance: (syncId, from, to, path) =>
      write((session) => advanceMirror(session, syncId, { from, to }, path)),
    remember: (syncId, at, path) => write((session) => rememberPrints(session, syncId, at, path)),
    compare: (query, comparison, path) =>
      inReadTransaction(settings, context, { totalMs: null }, (session, stop) =>
        compare(session, modelStatement(query), comparison, path, {
          onProgress: comparison.onProgress,
          onSilence: stop,
          silenceMs,
        }),
      ),
    list: () => write(listMirrors),
    drop: (syncIds) => write((session) => dropMirrors(session, syncIds)),
  };
}

/**
 * One transaction with the planner's own statements; nothing of it stays when `work` throws. No statement of it is
 * the user's, so the server's own time limits hold.
 */
async function inPlannerTransaction<T>(
  settings: PgSettings,
  context: ConnectContext,
  work: (session: PgSession) => Promise<T>,
): Promise<T> {
  const session = await connectPg(settings, context, 'source');
  try {
    await session.run(`BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
      SET LOCAL statement_timeout = ${queryLimitMs(context)}; SET LOCAL lock_timeout = ${context.timeouts.requestMs};
      SET LOCAL client_min_messages = 'warning'; SET LOCAL default_table_access_method = 'heap'`);
    const result = await work(session);
    await session.run('COMMIT');
    return result;
  } catch (thrown) {
    throw plannerFailure(thrown, settings.user);
  } finally {
    await session.end();
  }
}

/** A right that was taken away while the planner works is the same trouble as one that was never given. */
function plannerFailure(thrown: unknown, user: string): unknown {
  if (!(thrown instanceof SluiceError) || thrown.code !== 'source_permission') return thrown;
  return new SluiceError('planner_not_ready', thrown.message, {
    cause: thrown,
    fix: `Let an administrator run (the first line where an earlier user's tables are in the way; no row is lost with them):
DROP SCHEMA IF EXISTS ${plannerSchema} CASCADE;\n${grantStatements(user)}`,
  });
}
