import type { CheckResult } from '@sluice/domain/connector';
import { type CheckFinding, type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { checkComputing, tablesFinding } from '../../kit/sql/check-steps.ts';
import type { SqlSession } from '../../kit/sql/engine.ts';
import type { SnowflakeSettings } from './configuration.ts';
import { readGrants } from './error.ts';
import { openSnowflakeSession } from './open-session.ts';

export const snowflakeCheckNames: CheckNames = [
  { name: 'sign_in', label: 'Reach the account and sign in' },
  { name: 'compute', label: 'Use the warehouse' },
  { name: 'read', label: 'Read tables' },
];

/** Yields the results of `snowflakeCheckNames` in order. */
export async function* checkSnowflake(
  settings: SnowflakeSettings,
  context: ConnectContext,
): AsyncGenerator<CheckResult> {
  let opened: SqlSession | null = null;
  const session = (): SqlSession => {
    if (!opened) throw new Error('no session: the sign-in check comes first');
    return opened;
  };
  const steps = {
    sign_in: async (): Promise<CheckFinding> => {
      opened = await openSnowflakeSession(settings, context);
      const role = settings.role === null ? 'the default role' : `the role ${settings.role}`;
      return {
        status: 'passed',
        message: `Signed in to ${settings.account}${settings.user === '' ? '' : ` as ${settings.user}`} with ${role}.`,
      };
    },
    compute: () => checkComputing(session(), `${settings.warehouse} computes.`),
    read: async (): Promise<CheckFinding> =>
      tablesFinding(await session().introspect(), settings.database, () => readGrants(settings)),
  };
  try {
    yield* runChecks(snowflakeCheckNames, steps, context.signal);
  } finally {
    await (opened as SqlSession | null)?.end();
  }
}
