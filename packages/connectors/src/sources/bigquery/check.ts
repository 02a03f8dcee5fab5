import type { CheckResult } from '@sluice/domain/connector';
import { type CheckFinding, type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { checkComputing, tablesFinding } from '../../kit/sql/check-steps.ts';
import { type BigQueryClient, createBigQueryClient } from './client.ts';
import type { BigQuerySettings } from './configuration.ts';
import { readGrants } from './error.ts';
import { openBigQuerySession } from './open-session.ts';

export const bigqueryCheckNames: CheckNames = [
  { name: 'sign_in', label: 'Reach BigQuery and sign in' },
  { name: 'compute', label: 'Run queries' },
  { name: 'read', label: 'Read tables' },
];

/** Yields the results of `bigqueryCheckNames` in order. */
export async function* checkBigQuery(
  settings: BigQuerySettings,
  context: ConnectContext,
): AsyncGenerator<CheckResult> {
  const client: BigQueryClient = createBigQueryClient(settings, context);
  const session = openBigQuerySession(client, settings, context);
  const steps = {
    sign_in: async (): Promise<CheckFinding> => {
      await client.get('/datasets', { maxResults: 1 });
      const { credentials, project } = settings;
      const who = credentials.kind === 'service_account' ? credentials.key.email : 'the Google account';
      return { status: 'passed', message: `${project} lets ${who} in.` };
    },
    compute: () => checkComputing(session, `Queries run in ${settings.project}, and are billed there.`),
    read: async (): Promise<CheckFinding> => {
      const where = settings.location === null ? '' : ` in ${settings.location}`;
      const place = `${settings.dataProject}${where}`;
      return tablesFinding(await session.introspect(), place, () => readGrants(settings));
    },
  };
  try {
    yield* runChecks(bigqueryCheckNames, steps, context.signal);
  } finally {
    await session.end();
  }
}
