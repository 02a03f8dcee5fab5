import { isIP } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { abortError } from './aborted.ts';
import type { CheckFinding, CheckNames } from './checks.ts';
import type { ConnectContext } from './context.ts';
import { connectPg, type PgSession, pgSsl } from './pg-connection.ts';
import { pgError, type Side } from './pg-error.ts';
import type { PgSettings } from './pg-settings.ts';
import { encryptPg, limitSilence } from './pg-wire.ts';
import { isPublicAddress } from './public-address.ts';
import { createTunnelChecks } from './ssh/tunnel-checks.ts';
import { findWay, type Way } from './way.ts';

/** The checks that sources and destinations on PostgreSQL begin with. */
export const pgCheckNames: CheckNames = [
  { name: 'reach', label: 'Reach the server' },
  { name: 'tls', label: 'Encrypt the connection' },
  { name: 'sign_in', label: 'Sign in' },
];

/**
 * The steps of `pgCheckNames`, and those of a tunnel, whose names come before. `session` answers the session that signing in opened, for the checks that follow; end
 * it with `close`, also when a check failed.
 */
export function createPgChecks(settings: PgSettings, context: ConnectContext, side: Side) {
  let opened: PgSession | null = null;
  const failure = (thrown: unknown): Error => {
    if (context.signal.aborted) return abortError(context.signal);
    return pgError(thrown, { side, host: settings.host, port: settings.port, connected: false });
  };
  const tunnel = createTunnelChecks(settings, context, side);
  const probe = async (look: (way: Way) => Promise<CheckFinding>): Promise<CheckFinding> => {
    try {
      return await look(await findWay(settings, context, side));
    } catch (thrown) {
      throw failure(thrown);
    }
  };
  return {
    tunnelNames: tunnel.names,
    steps: {
      ...tunnel.steps,
      reach: () => probe((way) => reach(way, settings, context)),
      tls: () => probe((way) => encrypt(way, settings, context)),
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
      await tunnel.close();
    },
  };
}

async function reach(
  way: Way,
  { host, port, tunnel }: PgSettings,
  context: ConnectContext,
): Promise<CheckFinding> {
  const startedAt = performance.now();
  const socket = await way.dial(context.signal);
  socket.destroy();
  const ms = Math.max(1, Math.round(performance.now() - startedAt));
  const name = isIP(host) !== 0 || tunnel ? host : `${host} is ${way.address}; it`;
  const through = tunnel ? ', through the SSH server' : '';
  return { status: 'passed', message: `${name} answered on port ${port} in ${ms} ms${through}.` };
}

async function encrypt(way: Way, settings: PgSettings, context: ConnectContext): Promise<CheckFinding> {
  const tls = pgSsl(settings);
  if (!tls) {
    if (way.address === null) {
      return {
        status: 'passed',
        message: 'Encrypted as far as the SSH server, and not behind it (SSL mode Disable).',
      };
    }
    if (!isPublicAddress(way.address)) {
      return { status: 'passed', message: 'Not encrypted (SSL mode Disable), inside a private network.' };
    }
    return {
      status: 'warning',
      message: 'The connection is not encrypted and crosses a public network.',
      fix: 'Choose SSL mode Require, or better Verify full.',
    };
  }
  const socket = await way.dial(context.signal);
  addAbortSignal(context.signal, socket);
  limitSilence(socket, context.timeouts.connectMs);
  try {
    const secured = await encryptPg(socket, tls);
    const verified = settings.sslMode === 'verify-full' ? 'certificate verified' : 'certificate not checked';
    return { status: 'passed', message: `${secured.getProtocol()}, ${verified}.` };
  } finally {
    socket.destroy();
  }
}
