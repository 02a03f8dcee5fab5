import { SluiceError } from '@sluice/domain/error';
import type { ConnectContext } from '../../kit/context.ts';
import type { DestinationConnection } from '../../kit/destination.ts';
import { connectPg, type PgSession } from '../../kit/pg-connection.ts';
import { readPgSettings } from '../../kit/pg-settings.ts';
import { answeredWithin } from '../../kit/silence.ts';
import type { Configuration } from '../../kit/source.ts';
import { check } from './check.ts';
import { createWriter } from './create-writer.ts';
import { describeTable } from './describe-table.ts';
import { listTables } from './list-tables.ts';
import { loadTable } from './load-table.ts';
import { validate } from './validate.ts';

/** A use of a PostgreSQL database; connects with the first call that needs it. */
export function openConnection(configuration: Configuration, context: ConnectContext): DestinationConnection {
  const settings = () => readPgSettings(configuration);
  const connect = (signal: AbortSignal): Promise<PgSession> =>
    connectPg(settings(), { ...context, signal }, 'destination');
  const { requestMs, connectMs } = context.timeouts;
  // A server that is there ends a statement itself after the first, and says so within the second.
  const silenceMs = requestMs + connectMs;
  let catalog: Promise<PgSession> | null = null;
  /** Asks the catalog over a session that stays open; one that broke is not used again. */
  const asking = async <T>(ask: (session: PgSession) => Promise<T>): Promise<T> => {
    catalog ??= connect(context.signal);
    const used = catalog;
    try {
      const session = await used;
      return await answeredWithin(ask(session), silenceMs, session.end);
    } catch (thrown) {
      if (thrown instanceof SluiceError && thrown.retry && catalog === used) {
        catalog = null;
        await used.then((session) => session.end()).catch(() => undefined);
      }
      throw thrown;
    }
  };

  return {
    check: () => check(settings, context),
    listObjects: () => asking(listTables),
    describeObject: async (id) => describeTable(await asking((session) => loadTable(session, id))),
    async validate(sync) {
      try {
        const table = await asking((session) => loadTable(session, sync.object));
        return validate(sync, table, settings().user);
      } catch (thrown) {
        if (!(thrown instanceof SluiceError) || thrown.code !== 'destination_object_missing') throw thrown;
        return { object: thrown.message };
      }
    },
    // Mapped columns and the match key are all there is; the caller adds both.
    columnsUsed: () => [],
    columnsNamed: () => [],
    columnsForRemoval: () => [],
    async writer(sync) {
      const table = await asking((session) => loadTable(session, sync.object));
      return createWriter({ table, connect, statementMs: requestMs, silenceMs }, sync);
    },
    async close() {
      const opened = await catalog?.catch(() => null);
      catalog = null;
      await opened?.end();
    },
  };
}
