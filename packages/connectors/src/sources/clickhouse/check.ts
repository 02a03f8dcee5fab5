import type { CheckResult } from '@sluice/domain/connector';
import { type CheckFinding, type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { SqlSession } from '../../kit/sql/engine.ts';
import { readAll } from '../../kit/sql/sql-source.ts';
import { createTunnelChecks } from '../../kit/ssh/tunnel-checks.ts';
import { readGrants } from './error.ts';
import { openClickHouseSession } from './open-session.ts';
import { type ClickHouseSettings, serverOf } from './settings.ts';

export const clickHouseCheckNames: CheckNames = [
  { name: 'sign_in', label: 'Reach the server and sign in' },
  { name: 'tls', label: 'Encrypt the connection' },
  { name: 'read', label: 'Read tables' },
];

/** Yields the results of `clickHouseCheckNames` in order. */
export async function* checkClickHouse(
  settings: ClickHouseSettings,
  context: ConnectContext,
): AsyncGenerator<CheckResult> {
  let session: SqlSession | null = null;
  const tunnel = createTunnelChecks(serverOf(settings), context, 'source');
  const opened = (): SqlSession => {
    if (!session) throw new Error('no session: the sign-in check comes first');
    return session;
  };
  const steps = {
    ...tunnel.steps,
    sign_in: async (): Promise<CheckFinding> => {
      const quick = AbortSignal.any([context.signal, AbortSignal.timeout(context.timeouts.requestMs)]);
      session = await openClickHouseSession(settings, { ...context, signal: quick });
      const { rows } = await readAll(await session.query('SELECT version() AS v'));
      return { status: 'passed', message: `Signed in as ${settings.user}; ClickHouse ${rows[0]?.[0]}.` };
    },
    tls: async (): Promise<CheckFinding> =>
      settings.url.protocol === 'https:'
        ? { status: 'passed', message: 'Encrypted, certificate verified.' }
        : settings.tunnel
          ? { status: 'passed', message: 'Encrypted as far as the SSH server, and not behind it (http).' }
          : {
              status: 'warning',
              message: 'The connection is not encrypted (http).',
              fix: 'Use the https address, unless the server is in the same private network.',
            },
    read: async (): Promise<CheckFinding> => {
      const tables = await opened().introspect();
      return tables.length > 0
        ? { status: 'passed', message: `${tables.length} tables and views can be read.` }
        : { status: 'warning', message: 'No table can be read yet.', fix: readGrants(settings) };
    },
  };
  try {
    yield* runChecks([...tunnel.names, ...clickHouseCheckNames], steps, context.signal);
  } finally {
    await (session as SqlSession | null)?.end();
    await tunnel.close();
  }
}
