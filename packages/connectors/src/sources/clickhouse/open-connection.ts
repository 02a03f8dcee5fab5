import type { ConnectContext } from '../../kit/context.ts';
import type { Configuration, SourceConnection } from '../../kit/source.ts';
import { createSqlSource } from '../../kit/sql/sql-source.ts';
import { checkClickHouse } from './check.ts';
import { clickHouseDialect } from './dialect.ts';
import { openClickHouseSession } from './open-session.ts';
import { readClickHouseSettings } from './settings.ts';

/** Throws `input_invalid` for incomplete settings. */
export function openClickHouseSource(
  configuration: Configuration,
  context: ConnectContext,
): SourceConnection {
  const settings = readClickHouseSettings(configuration);
  const engine = {
    dialect: clickHouseDialect,
    open: (on: ConnectContext) => openClickHouseSession(settings, on),
  };
  return createSqlSource(engine, context, () => checkClickHouse(settings, context));
}
