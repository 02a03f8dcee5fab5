import type { CheckResult } from '@sluice/domain/connector';
import { type CheckFinding, type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { createMysqlChecks, mysqlSignIn } from '../../kit/mysql/checks.ts';
import type { MysqlSession } from '../../kit/mysql/connection.ts';
import type { MysqlSettings } from '../../kit/mysql/settings.ts';

export const mysqlCheckNames: CheckNames = [
  mysqlSignIn,
  { name: 'tls', label: 'Encrypt the connection' },
  { name: 'read', label: 'Read tables' },
];

/** Yields the results of `mysqlCheckNames` in order. */
export async function* checkMysql(
  settings: MysqlSettings,
  context: ConnectContext,
): AsyncGenerator<CheckResult> {
  const common = createMysqlChecks(settings, context, 'source');
  const { session } = common;
  const steps = {
    ...common.steps,
    tls: () => encrypted(session(), settings),
    read: () => readable(session(), settings),
  };
  try {
    yield* runChecks([...common.tunnelNames, ...mysqlCheckNames], steps, context.signal);
  } finally {
    await common.close();
  }
}

async function encrypted(session: MysqlSession, settings: MysqlSettings): Promise<CheckFinding> {
  const [row] = await session.rows("SHOW SESSION STATUS LIKE 'Ssl_version'");
  const version = row?.[1] ?? '';
  if (version !== '') {
    const verified = settings.sslMode === 'verify-full' ? 'certificate verified' : 'certificate not checked';
    return { status: 'passed', message: `${version}, ${verified}.` };
  }
  if (settings.tunnel) {
    return {
      status: 'passed',
      message: 'Encrypted as far as the SSH server, and not behind it (SSL mode Disable).',
    };
  }
  return {
    status: 'warning',
    message: 'The connection is not encrypted (SSL mode Disable).',
    fix: 'Choose SSL mode Require, or better Verify full, unless the server is in the same private network.',
  };
}

/** Whether the user can read anything, and nothing more. */
async function readable(session: MysqlSession, settings: MysqlSettings): Promise<CheckFinding> {
  const [row] = await session.rows(
    `SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()`,
  );
  const count = Number(row?.[0] ?? 0);
  const grants = (await session.rows('SHOW GRANTS')).map(([text]) => text ?? '');
  const found =
    count === 0
      ? 'No table of the database can be read yet.'
      : `${count} ${count === 1 ? 'table' : 'tables'} can be read.`;
  const writes = grants.some((text) =>
    /\b(ALL PRIVILEGES|INSERT|UPDATE|DELETE|DROP|SUPER|FILE)\b/.test(text),
  );
  if (writes || count === 0) {
    return {
      status: 'warning',
      message: writes ? `${found} The user may also write; reading is all Sluice needs.` : found,
      fix: readerAccount(settings.database),
    };
  }
  return { status: 'passed', message: `${found} The user cannot write.` };
}

/** Statements that make an account which can only read. */
function readerAccount(database: string): string {
  const name = `\`${database.replaceAll('`', '``')}\``;
  return [
    `CREATE USER 'sluice_reader'@'%' IDENTIFIED BY '…';`,
    `GRANT SELECT, SHOW VIEW ON ${name}.* TO 'sluice_reader'@'%';`,
  ].join('\n');
}
