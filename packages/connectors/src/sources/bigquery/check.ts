import type { CheckResult } from '@sluice/domain/connector';
import { type CheckFinding, type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { readAll } from '../../kit/sql/sql-source.ts';
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
    compute: async (): Promise<CheckFinding> => {
      await readAll(await session.query('SELECT 1 AS one'));
      return { status: 'passed', message: `Queries run in ${settings.project}, and are billed there.` };
    },
    read: async (): Promise<CheckFinding> => {
      const tables = await session.introspect();
      if (tables.length > 0) {
        return {
          status: 'passed',
          message: `${tables.length} tables and views of ${settings.dataProject} can be read.`,
        };
      }
      const where = settings.location === null ? '' : ` in ${settings.location}`;
      return {
        status: 'warning',
        message: `No table of ${settings.dataProject}${where} can be read yet.`,
        fix: readGrants(settings),
      };
    },
  };
  try {
    yield* runChecks(bigqueryCheckNames, steps, context.signal);
  } finally {
    await session.end();
  }
}
