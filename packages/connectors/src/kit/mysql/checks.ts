import type { CheckFinding } from '../checks.ts';
import type { ConnectContext } from '../context.ts';
import { createTunnelChecks } from '../ssh/tunnel-checks.ts';
import { connectMysql, type MysqlSession } from './connection.ts';
import type { Side } from './error.ts';
import type { MysqlSettings } from './settings.ts';

/** The check that sources and destinations begin with. */
export const mysqlSignIn = { name: 'sign_in', label: 'Reach the server and sign in' } as const;

/**
 * The step of `mysqlSignIn`, and those of a tunnel, whose names come before. `session` answers the session that signing in opened, for the checks that follow; end it with
 * `close`, also when a check failed.
 */
export function createMysqlChecks(settings: MysqlSettings, context: ConnectContext, side: Side) {
  let opened: MysqlSession | null = null;
  const tunnel = createTunnelChecks(settings, context, side);
  return {
    tunnelNames: tunnel.names,
    steps: {
      ...tunnel.steps,
      sign_in: async (): Promise<CheckFinding> => {
        opened = await connectMysql(settings, context, side);
        const [row] = await opened.rows('SELECT CURRENT_USER(), DATABASE(), VERSION()');
        const [user, database, version] = row ?? [];
        const encrypted = settings.sslMode === 'disable' ? 'not encrypted' : 'encrypted';
        return {
          status: 'passed',
          message: `Signed in to ${database} as ${user}; version ${version}, ${encrypted}.`,
        };
      },
    },
    session: (): MysqlSession => {
      if (!opened) throw new Error('no session: the sign-in check comes first');
      return opened;
    },
    close: async () => {
      await opened?.end();
      await tunnel.close();
    },
  };
}
