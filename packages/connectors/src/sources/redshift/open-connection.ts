import type { ConnectContext } from '../../kit/context.ts';
import type { Configuration, SourceConnection } from '../../kit/source.ts';
import { createPlanningSource } from '../../kit/sql/planner/planning-source.ts';
import { checkRedshift } from './check.ts';
import { redshiftDialect } from './dialect.ts';
import { temporaryCredentials } from './iam/temporary-credentials.ts';
import { openRedshiftSession } from './open-session.ts';
import { redshiftPlanner } from './planner/dialect.ts';
import { openRedshiftWriter } from './planner/open-writer.ts';
import { readRedshiftSettings } from './settings.ts';

/** Throws `input_invalid` for incomplete settings. */
export function openRedshiftSource(configuration: Configuration, context: ConnectContext): SourceConnection {
  const settings = readRedshiftSettings(configuration);
  const signIn = temporaryCredentials(settings);
  const engine = {
    dialect: redshiftDialect,
    planner: redshiftPlanner(settings),
    open: async (on: ConnectContext) => openRedshiftSession(await signIn(on), on),
    openWriter: async (on: ConnectContext) => openRedshiftWriter(await signIn(on), on),
  };
  return createPlanningSource(engine, context, configuration, () => checkRedshift(settings, signIn, context));
}
