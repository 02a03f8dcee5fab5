import type { ConnectContext } from '../../kit/context.ts';
import type { Configuration, SourceConnection } from '../../kit/source.ts';
import { createPlanningSource } from '../../kit/sql/planner/planning-source.ts';
import { checkSnowflake } from './check.ts';
import { readSnowflakeSettings } from './configuration.ts';
import { snowflakeDialect } from './dialect.ts';
import { openSnowflakeSession } from './open-session.ts';
import { snowflakePlanner } from './planner/dialect.ts';
import { openSnowflakeWriter } from './planner/open-writer.ts';

/** Throws `input_invalid` for incomplete settings. */
export function openSnowflakeSource(configuration: Configuration, context: ConnectContext): SourceConnection {
  const settings = readSnowflakeSettings(configuration);
  const engine = {
    dialect: snowflakeDialect,
    planner: snowflakePlanner(settings),
    open: (on: ConnectContext) => openSnowflakeSession(settings, on),
    openWriter: (on: ConnectContext) => openSnowflakeWriter(settings, on),
  };
  return createPlanningSource(engine, context, configuration, () => checkSnowflake(settings, context));
}
