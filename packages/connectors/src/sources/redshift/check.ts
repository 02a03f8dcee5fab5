import type { CheckResult } from '@sluice/domain/connector';
import { type CheckFinding, type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { createPgChecks, pgCheckNames } from '../../kit/pg-checks.ts';
import { connectPg, type PgSession } from '../../kit/pg-connection.ts';
import { tablesFinding } from '../../kit/sql/check-steps.ts';
import { quoteIdentifier } from '../../kit/sql-identifier.ts';
import { introspect } from './introspect.ts';
import type { RedshiftSettings } from './settings.ts';
import { checkUnload } from './unload/check-unload.ts';

export const redshiftCheckNames: CheckNames = [
  ...pgCheckNames,
  { name: 'read', label: 'Read tables' },
  { name: 'unload', label: 'Read whole results' },
];

/** Yields the results of `redshiftCheckNames` in order. */
export async function* checkRedshift(
  settings: RedshiftSettings,
  signIn: (context: ConnectContext) => Promise<RedshiftSettings>,
  context: ConnectContext,
): AsyncGenerator<CheckResult> {
  const common = createPgChecks(settings, context, 'source');
  let opened: PgSession | null = null;
  let readers: string | null = null;
  const steps = {
    ...common.steps,
    sign_in: async (): Promise<CheckFinding> => {
      const signedIn = await signIn(context);
      const { user } = signedIn;
      // A workgroup has a user of its own for each identity of AWS; a cluster lets one in as the user that was named.
      if (settings.iam && 'workgroup' in settings.iam.database) readers = user;
      opened = await connectPg(signedIn, context, 'source');
      const [[version] = []] = await opened.queryText('SELECT version()');
      const named = /Redshift [\d.]+/.exec(version ?? '')?.[0];
      const message = `Signed in to ${settings.database} as ${user}${named ? `; ${named}` : ''}.`;
      return { status: 'passed', message };
    },
    read: async (): Promise<CheckFinding> => {
      if (!opened) throw new Error('no session: the sign-in check comes first');
      return tablesFinding(await introspect(opened), settings.database, () =>
        readGrants(readers ?? settings.user),
      );
    },
    unload: async (): Promise<CheckFinding> => {
      if (settings.unload === null)
        return { status: 'passed', message: 'Whole results come through a cursor.' };
      await checkUnload(settings.unload, await signIn(context), context);
      const { name } = settings.unload.bucket;
      return {
        status: 'passed',
        message: `A row went by way of the bucket ${name}, and was removed from it.`,
      };
    },
  };
  try {
    yield* runChecks([...common.tunnelNames, ...redshiftCheckNames], steps, context.signal);
  } finally {
    await (opened as PgSession | null)?.end();
    await common.close();
  }
}

/** Statements that let the user read, and nothing more. */
function readGrants(user: string): string {
  const to = `TO ${quoteIdentifier(user)};`;
  return [
    `GRANT USAGE ON SCHEMA public ${to}`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA public ${to}`,
    `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES ${to}`,
  ].join('\n');
}
