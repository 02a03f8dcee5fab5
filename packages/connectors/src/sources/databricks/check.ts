import type { CheckResult } from '@sluice/domain/connector';
import { type CheckFinding, type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { readAll } from '../../kit/sql/sql-source.ts';
import { createDatabricksClient } from './client.ts';
import type { DatabricksSettings } from './configuration.ts';
import { readGrants } from './error.ts';
import { openDatabricksSession } from './open-session.ts';

export const databricksCheckNames: CheckNames = [
  { name: 'sign_in', label: 'Reach the workspace and sign in' },
  { name: 'compute', label: 'Use the SQL warehouse' },
  { name: 'read', label: 'Read tables' },
];

/** Yields the results of `databricksCheckNames` in order. */
export async function* checkDatabricks(
  settings: DatabricksSettings,
  context: ConnectContext,
): AsyncGenerator<CheckResult> {
  const client = createDatabricksClient(settings, context);
  const session = openDatabricksSession(client, settings, context, () => {});
  const steps = {
    sign_in: async (): Promise<CheckFinding> => {
      await client.signIn();
      return { status: 'passed', message: `${settings.url.host} lets Sluice in.` };
    },
    compute: async (): Promise<CheckFinding> => {
      await readAll(await session.query('SELECT 1 AS one'));
      return { status: 'passed', message: `The SQL warehouse ${settings.warehouse} computes.` };
    },
    read: async (): Promise<CheckFinding> => {
      const tables = await session.introspect();
      if (tables.length > 0) {
        return {
          status: 'passed',
          message: `${tables.length} tables and views of ${settings.catalog} can be read.`,
        };
      }
      return {
        status: 'warning',
        message: `No table of ${settings.catalog} can be read yet.`,
        fix: readGrants(settings),
      };
    },
  };
  try {
    yield* runChecks(databricksCheckNames, steps, context.signal);
  } finally {
    await session.end();
  }
}
