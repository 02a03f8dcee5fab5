import type { ConnectContext } from '../../kit/context.ts';
import type { Configuration, SourceConnection } from '../../kit/source.ts';
import type { SqlDialect } from '../../kit/sql/engine.ts';
import { createSqlSource } from '../../kit/sql/sql-source.ts';
import { quoteIdentifier } from '../../kit/sql-identifier.ts';
import { checkExample } from './check.ts';
import { readExampleSettings } from './configuration.ts';
import { openExampleSession } from './open-session.ts';

const dialect: SqlDialect = {
  quote: quoteIdentifier,
  table: (schema, table) => `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`,
  limited: (statement, limit) => `SELECT * FROM (\n${statement}\n) AS sluice_model LIMIT ${limit}`,
  // Equal keys have to be equal here, and no others: mind collations and spaces at the end.
  text: (name) => `CAST(${name} AS VARCHAR)`,
};

/** Preview, keys, spooling, time limits and cancelling are the kit's; a session brings the statements to the server. */
export function openExampleSource(configuration: Configuration, context: ConnectContext): SourceConnection {
  const settings = readExampleSettings(configuration);
  const engine = { dialect, open: (on: ConnectContext) => openExampleSession(settings, on) };
  return createSqlSource(engine, context, () => checkExample(settings, context));
}
