import type { CheckResult } from '@sluice/domain/connector';
import { type CheckFinding, type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { checkComputing, tablesFinding } from '../../kit/sql/check-steps.ts';
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
    compute: () => checkComputing(session, `The SQL warehouse ${settings.warehouse} computes.`),
    read: async (): Promise<CheckFinding> =>
      tablesFinding(await session.introspect(), settings.catalog, () => readGrants(settings)),
  };
  try {
    yield* runChecks(databricksCheckNames, steps, context.signal);
  } finally {
    await session.end();
  }
}
