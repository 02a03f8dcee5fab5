import type { ConnectContext } from '../../kit/context.ts';
import type { Configuration, SourceConnection } from '../../kit/source.ts';
import { createSqlSource } from '../../kit/sql/sql-source.ts';
import { checkSnowflake } from './check.ts';
import { readSnowflakeSettings } from './configuration.ts';
import { snowflakeDialect } from './dialect.ts';
import { openSnowflakeSession } from './open-session.ts';

/** Throws `input_invalid` for incomplete settings. */
export function openSnowflakeSource(configuration: Configuration, context: ConnectContext): SourceConnection {
  const settings = readSnowflakeSettings(configuration);
  const engine = {
    dialect: snowflakeDialect,
    open: (on: ConnectContext) => openSnowflakeSession(settings, on),
  };
  return createSqlSource(engine, context, () => checkSnowflake(settings, context));
}
