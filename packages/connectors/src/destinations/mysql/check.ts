import type { CheckResult } from '@sluice/domain/connector';
import { SluiceError } from '@sluice/domain/error';
import { type CheckFinding, type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { createMysqlChecks, mysqlSignIn } from '../../kit/mysql/checks.ts';
import type { MysqlSettings } from '../../kit/mysql/settings.ts';
import { quote } from './table.ts';

export const mysqlCheckNames: CheckNames = [
  mysqlSignIn,
  { name: 'stage', label: 'Create a temporary table' },
  { name: 'write', label: 'Find tables to write to' },
];

/** Yields the results of `mysqlCheckNames` in order. Nothing that stays is written. */
export async function* checkMysql(
  settings: MysqlSettings,
  context: ConnectContext,
): AsyncGenerator<CheckResult> {
  const common = createMysqlChecks(settings, context, 'destination');
  const { session } = common;
  const steps = {
    ...common.steps,
    stage: async (): Promise<CheckFinding> => {
      await session()
        .rows('CREATE TEMPORARY TABLE sluice_check (id INT)')
        .catch((cause: unknown) => {
          throw new SluiceError(
            'destination_permission',
            'The user may not create temporary tables, in which rows are staged.',
            {
              fix: grant(settings),
              cause,
            },
          );
        });
      return { status: 'passed', message: 'Rows can be staged.' };
    },
    write: async (): Promise<CheckFinding> => {
      const [row] = await session().rows(
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'",
      );
      const count = Number(row?.[0] ?? 0);
      if (count > 0)
        return { status: 'passed', message: `${count} ${count === 1 ? 'table' : 'tables'} can be seen.` };
      return { status: 'warning', message: 'The user sees no table yet.', fix: grant(settings) };
    },
  };
  try {
    yield* runChecks([...common.tunnelNames, ...mysqlCheckNames], steps, context.signal);
  } finally {
    await common.close();
  }
}

const grant = ({ database, user }: MysqlSettings): string =>
  `As an administrator: GRANT SELECT, INSERT, UPDATE, DELETE, CREATE TEMPORARY TABLES ON ${quote(database)}.* TO '${user.replaceAll("'", "''")}'@'%';`;
