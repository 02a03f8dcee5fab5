import { isIP } from 'node:net';
import { abortError } from './aborted.ts';
import type { CheckFinding, CheckNames } from './checks.ts';
import type { ConnectContext } from './context.ts';
import { connectPg, type PgSession, pgSsl } from './pg-connection.ts';
import { pgError, type Side } from './pg-error.ts';
import type { PgSettings } from './pg-settings.ts';
import { dialPg, encryptPg, type PgTarget } from './pg-wire.ts';
import { isPublicAddress } from './public-address.ts';

/** The checks that sources and destinations on PostgreSQL begin with. */
export const pgCheckNames: CheckNames = [
  { name: 'reach', label: 'Reach the server' },
  { name: 'tls', label: 'Encrypt the connection' },
  { name: 'sign_in', label: 'Sign in' },
];

/**
 * The steps of `pgCheckNames`. `session` answers the session that signing in opened, for the checks that follow; end
 * it with `close`, also when a check failed.
 */
export function createPgChecks(settings: PgSettings, context: ConnectContext, side: Side) {
  let opened: PgSession | null = null;
  const failure = (thrown: unknown): Error => {
    if (context.signal.aborted) return abortError(context.signal);
    return pgError(thrown, { side, host: settings.host, port: settings.port, connected: false });
  };
  const probe = async (look: (target: PgTarget) => Promise<CheckFinding>): Promise<CheckFinding> => {
    try {
      const { address } = await context.egress.resolve(settings.host, settings.port);
      return await look({ address, port: settings.port, timeoutMs: context.timeouts.connectMs });
    } catch (thrown) {
      throw failure(thrown);
    }
  };
  return {
    steps: {
      reach: () => probe((target) => reach(target, settings, context.signal)),
      tls: () => probe((target) => encrypt(target, settings, context.signal)),
      sign_in: async (): Promise<CheckFinding> => {
        opened = await connectPg(settings, context, side);
        const [row] = await opened.queryText(
          `select current_user, current_database(), current_setting('server_version')`,
        );
        const [user, database, version] = row ?? [];
        return { status: 'passed', message: `Signed in to ${database} as ${user}; PostgreSQL ${version}.` };
      },
    },
    session: (): PgSession => {
      if (!opened) throw new Error('no session: the sign-in check comes first');
      return opened;
    },
    close: async () => {
      await opened?.end();
    },
  };
}

async function reach(target: PgTarget, settings: PgSettings, signal: AbortSignal): Promise<CheckFinding> {
  const startedAt = performance.now();
  const socket = await dialPg(target, signal);
  socket.destroy();
  const ms = Math.max(1, Math.round(performance.now() - startedAt));
  const name = isIP(settings.host) === 0 ? `${settings.host} is ${target.address}; it` : settings.host;
  return { status: 'passed', message: `${name} answered on port ${settings.port} in ${ms} ms.` };
}

async function encrypt(target: PgTarget, settings: PgSettings, signal: AbortSignal): Promise<CheckFinding> {
  const tls = pgSsl(settings);
  if (!tls) {
    if (!isPublicAddress(target.address)) {
      return { status: 'passed', message: 'Not encrypted (SSL mode Disable), inside a private network.' };
    }
    return {
      status: 'warning',
      message: 'The connection is not encrypted and crosses a public network.',
      fix: 'Choose SSL mode Require, or better Verify full.',
    };
  }
  const socket = await dialPg(target, signal);
  try {
    const secured = await encryptPg(socket, target, tls);
    const verified = settings.sslMode === 'verify-full' ? 'certificate verified' : 'certificate not checked';
    return { status: 'passed', message: `${secured.getProtocol()}, ${verified}.` };
  } finally {
    socket.destroy();
  }
}
