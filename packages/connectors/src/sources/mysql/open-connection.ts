import type { ConnectContext } from '../../kit/context.ts';
import { readMysqlSettings } from '../../kit/mysql/settings.ts';
import type { Configuration, SourceConnection } from '../../kit/source.ts';
import { createSqlSource } from '../../kit/sql/sql-source.ts';
import { checkMysql } from './check.ts';
import { mysqlDialect } from './dialect.ts';
import { openMysqlSession } from './open-session.ts';

/** Throws `input_invalid` for incomplete settings. */
export function openMysqlSource(configuration: Configuration, context: ConnectContext): SourceConnection {
  const settings = readMysqlSettings(configuration);
  const engine = { dialect: mysqlDialect, open: (on: ConnectContext) => openMysqlSession(settings, on) };
  return createSqlSource(engine, context, () => checkMysql(settings, context));
}
