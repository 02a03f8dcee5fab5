import { SluiceError } from '@sluice/domain/error';
import type { ConnectContext } from '../../kit/context.ts';
import type { DestinationConnection } from '../../kit/destination.ts';
import { connectMysql, type MysqlSession } from '../../kit/mysql/connection.ts';
import { readMysqlSettings } from '../../kit/mysql/settings.ts';
import { answeredWithin } from '../../kit/silence.ts';
import type { Configuration } from '../../kit/source.ts';
import { checkMysql } from './check.ts';
import { createWriter } from './create-writer.ts';
import { describeTable, listTables, loadTable } from './table.ts';

/** Values that do not fit are refused instead of being cut or turned into zero. */
const strict = `SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE'`;

/** A session that ends when a statement has no answer after `ms`: what became of a commit is open then. */
const impatient = (session: MysqlSession, ms: number): MysqlSession => ({
  ...session,
  rows: (text, values) => answeredWithin(session.rows(text, values), ms, session.end),
});

/** A use of a MySQL or MariaDB database; connects with the first call that needs it. */
export function openConnection(configuration: Configuration, context: ConnectContext): DestinationConnection {
  const settings = () => readMysqlSettings(configuration);
  const connect = async (): Promise<MysqlSession> => {
    const { connectMs, requestMs } = context.timeouts;
    const opened = await connectMysql(settings(), context, 'destination');
    const session = impatient(opened, requestMs + connectMs);
    try {
      await session.rows(strict);
      // A locked table is worth a clear reason and another try, not a wait to the end.
      const seconds = Math.max(1, Math.floor(requestMs / 2_000));
      await session.rows(`SET SESSION lock_wait_timeout = ${seconds}, innodb_lock_wait_timeout = ${seconds}`);
      return session;
    } catch (thrown) {
      await session.end();
      throw thrown;
    }
  };
  const withSession = async <T>(work: (session: MysqlSession) => Promise<T>): Promise<T> => {
    const session = await connect();
    try {
      return await work(session);
    } finally {
      await session.end();
    }
  };
  return {
    check: () => checkMysql(settings(), context),
    listObjects: () => withSession(listTables),
    describeObject: (id) => withSession(async (session) => describeTable(await loadTable(session, id))),
    async validate({ options, object }): Promise<Record<string, string>> {
      const [option] = Object.keys(options);
      try {
        await withSession((session) => loadTable(session, object));
      } catch (thrown) {
        if (!(thrown instanceof SluiceError) || thrown.code !== 'destination_object_missing') throw thrown;
        return { object: thrown.message };
      }
      return option === undefined ? {} : { [`options.${option}`]: 'MySQL tables have no options.' };
    },
    columnsUsed: () => [],
    columnsNamed: () => [],
    columnsForRemoval: () => [],
    writer: async (sync) => {
      const table = await withSession((session) => loadTable(session, sync.object));
      return createWriter(table, connect, sync);
    },
    close: () => Promise.resolve(),
  };
}
