import type { ConnectContext } from '../../kit/context.ts';
import type { Configuration, SourceConnection } from '../../kit/source.ts';
import { createPlanningSource } from '../../kit/sql/planner/planning-source.ts';
import { checkDatabricks } from './check.ts';
import { createDatabricksClient } from './client.ts';
import { readDatabricksSettings } from './configuration.ts';
import { databricksDialect } from './dialect.ts';
import { openDatabricksSession } from './open-session.ts';
import { databricksPlanner } from './planner/dialect.ts';
import { openDatabricksWriter } from './planner/open-writer.ts';

/** Throws `input_invalid` for incomplete settings. */
export function openDatabricksSource(
  configuration: Configuration,
  context: ConnectContext,
): SourceConnection {
  const settings = readDatabricksSettings(configuration);
  const client = createDatabricksClient(settings, context);
  const engine = {
    dialect: databricksDialect(settings.catalog),
    async open(on: ConnectContext, alive: () => void) {
      await client.signIn();
      return openDatabricksSession(client, settings, on, alive);
    },
    planner: databricksPlanner(settings),
    async openWriter(on: ConnectContext, alive: () => void) {
      await client.signIn();
      return openDatabricksWriter(client, settings, on, alive);
    },
  };
  return createPlanningSource(engine, context, configuration, () => checkDatabricks(settings, context));
}
