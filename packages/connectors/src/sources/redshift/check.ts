import type { CheckResult } from '@sluice/domain/connector';
import { type CheckFinding, type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { createPgChecks, pgCheckNames } from '../../kit/pg-checks.ts';
import { connectPg, type PgSession } from '../../kit/pg-connection.ts';
import type { PgSettings } from '../../kit/pg-settings.ts';
import { quoteIdentifier } from '../../kit/sql-identifier.ts';
import { introspect } from './introspect.ts';

export const redshiftCheckNames: CheckNames = [...pgCheckNames, { name: 'read', label: 'Read tables' }];

/** Yields the results of `redshiftCheckNames` in order. */
export async function* checkRedshift(
  settings: PgSettings,
  context: ConnectContext,
): AsyncGenerator<CheckResult> {
  const { reach, tls } = createPgChecks(settings, context, 'source').steps;
  let opened: PgSession | null = null;
  const steps = {
    reach,
    tls,
    sign_in: async (): Promise<CheckFinding> => {
      opened = await connectPg(settings, context, 'source');
      const [[version] = []] = await opened.queryText('SELECT version()');
      const named = /Redshift [\d.]+/.exec(version ?? '')?.[0];
      const message = `Signed in to ${settings.database} as ${settings.user}${named ? `; ${named}` : ''}.`;
      return { status: 'passed', message };
    },
    read: async (): Promise<CheckFinding> => {
      if (!opened) throw new Error('no session: the sign-in check comes first');
      const tables = await introspect(opened);
      if (tables.length > 0)
        return {
          status: 'passed',
          message: `${tables.length} tables and views of ${settings.database} can be read.`,
        };
      return {
        status: 'warning',
        message: `No table of ${settings.database} can be read yet.`,
        fix: readGrants(settings),
      };
    },
  };
  try {
    yield* runChecks(redshiftCheckNames, steps, context.signal);
  } finally {
    await (opened as PgSession | null)?.end();
  }
}

/** Statements that let the user read, and nothing more. */
function readGrants({ user }: PgSettings): string {
  const to = `TO ${quoteIdentifier(user)};`;
  return [
    `GRANT USAGE ON SCHEMA public ${to}`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA public ${to}`,
    `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES ${to}`,
  ].join('\n');
}
