import type { ConnectContext } from '../../kit/context.ts';
import type { Configuration, SourceConnection } from '../../kit/source.ts';
import { createSqlSource } from '../../kit/sql/sql-source.ts';
import { checkRedshift } from './check.ts';
import { redshiftDialect } from './dialect.ts';
import { openRedshiftSession } from './open-session.ts';
import { readRedshiftSettings } from './settings.ts';

/** Throws `input_invalid` for incomplete settings. */
export function openRedshiftSource(configuration: Configuration, context: ConnectContext): SourceConnection {
  const settings = readRedshiftSettings(configuration);
  const engine = {
    dialect: redshiftDialect,
    open: (on: ConnectContext) => openRedshiftSession(settings, on),
  };
  return createSqlSource(engine, context, () => checkRedshift(settings, context));
}
