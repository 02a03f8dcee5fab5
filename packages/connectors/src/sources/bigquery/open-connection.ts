import type { ConnectContext } from '../../kit/context.ts';
import type { Configuration, SourceConnection } from '../../kit/source.ts';
import { createSqlSource } from '../../kit/sql/sql-source.ts';
import { checkBigQuery } from './check.ts';
import { createBigQueryClient } from './client.ts';
import { readBigQuerySettings } from './configuration.ts';
import { bigqueryDialect } from './dialect.ts';
import { openBigQuerySession } from './open-session.ts';

/** Throws `input_invalid` for incomplete settings. */
export function openBigQuerySource(configuration: Configuration, context: ConnectContext): SourceConnection {
  const settings = readBigQuerySettings(configuration);
  const client = createBigQueryClient(settings, context);
  const engine = {
    dialect: bigqueryDialect(settings.dataProject),
    estimates: true as const,
    async open(on: ConnectContext) {
      await client.signIn();
      return openBigQuerySession(client, settings, on);
    },
  };
  return createSqlSource(engine, context, () => checkBigQuery(settings, context));
}
