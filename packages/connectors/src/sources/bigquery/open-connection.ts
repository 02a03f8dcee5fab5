import type { ConnectContext } from '../../kit/context.ts';
import type { Configuration, SourceConnection } from '../../kit/source.ts';
import { createPlanningSource } from '../../kit/sql/planner/planning-source.ts';
import { checkBigQuery } from './check.ts';
import { createBigQueryClient } from './client.ts';
import { readBigQuerySettings } from './configuration.ts';
import { bigqueryDialect } from './dialect.ts';
import { openBigQuerySession } from './open-session.ts';
import { bigqueryPlanner } from './planner/dialect.ts';
import { openBigQueryWriter } from './planner/open-writer.ts';

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
    planner: bigqueryPlanner(settings),
    async openWriter(on: ConnectContext) {
      await client.signIn();
      return openBigQueryWriter(client, settings, on);
    },
  };
  return createPlanningSource(engine, context, configuration, () => checkBigQuery(settings, context));
}
