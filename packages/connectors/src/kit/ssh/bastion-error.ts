import { type ErrorOptions, SluiceError } from '@sluice/domain/error';
import type { ErrorCode } from '@sluice/domain/error-code';
import { EgressFailure } from '../egress-failure.ts';
import type { Side } from '../pg-error.ts';
import type { SshKey } from './ssh-key.ts';
import type { TunnelSettings } from './tunnel-fields.ts';

type Kind = 'unreachable' | 'tls' | 'auth' | 'host_key' | 'tunnel';

const sided = (side: Side, kind: Kind, message: string, options: ErrorOptions): SluiceError => {
  const code: ErrorCode = `${side}_${kind}`;
  return new SluiceError(code, message, options);
};

/** What to do for a server that does not take the workspace's key. */
export const authorizeKey = ({ user, host }: TunnelSettings, key: SshKey | undefined): string =>
  `Add this line to ~/.ssh/authorized_keys of ${user} on ${host}:\n${key?.publicKey ?? ''}`;

/** Any failure on the way to a session at an SSH server. */
export function bastionError(
  thrown: unknown,
  side: Side,
  tunnel: TunnelSettings,
  keys: readonly SshKey[],
): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const where = `${tunnel.host}:${tunnel.port}`;
  if (thrown instanceof EgressFailure && thrown.stage === 'dns') {
    return sided(side, 'unreachable', thrown.message, {
      fix: 'Check the spelling of the SSH host; it must be known to public name servers or to this machine.',
      cause: thrown,
    });
  }
  const { level } = (thrown ?? {}) as { level?: string };
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  if (level === 'client-authentication') {
    return sided(side, 'auth', `The SSH server at ${where} did not let ${tunnel.user} in.`, {
      fix: authorizeKey(tunnel, keys[0]),
      cause: thrown,
    });
  }
  if (level === 'handshake' && !/timed out/i.test(words)) {
    return sided(
      side,
      'tls',
      `The SSH server at ${where} and Sluice found no encryption that both know: ${words}.`,
      { fix: 'Update the SSH server; OpenSSH 6.5 or newer will do.', cause: thrown },
    );
  }
  // One text for refused, silent and foreign ports: it tells nobody what listens there.
  return sided(side, 'unreachable', `No SSH server could be reached at ${where}.`, {
    fix: 'Check SSH host and port, that the SSH server runs, and that its firewall lets Sluice in.',
    cause: thrown,
  });
}

/** The server shows a key that nobody has confirmed, or not the one that somebody has. */
export function otherHostKey(side: Side, { host, hostKey }: TunnelSettings, found: string): SluiceError {
  if (hostKey === null) {
    return sided(side, 'host_key', `${host} shows a key that nobody has confirmed: ${found}.`, {
      fix: `Compare it with what the server's owner says (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub). If it is the same, enter it as SSH host key:\n${found}`,
      details: { found },
    });
  }
  return sided(side, 'host_key', `${host} shows another key than the one you confirmed: ${found}.`, {
    fix: 'Ask the owner of the SSH server whether its key was changed. If nobody did, somebody else answers in its place.',
    details: { found },
  });
}

/** https://datatracker.ietf.org/doc/html/rfc4254#section-5.1 (read 2026-11-22) */
const administrativelyProhibited = 1;

/** The server did not make the connection to the database. */
export function forwardError(
  thrown: unknown,
  side: Side,
  tunnel: TunnelSettings,
  target: { readonly host: string; readonly port: number },
): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const to = target.host.includes(':') ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
  const { reason } = (thrown ?? {}) as { reason?: unknown };
  if (reason === administrativelyProhibited) {
    return sided(
      side,
      'tunnel',
      `The SSH server at ${tunnel.host} does not let ${tunnel.user} through to ${to}.`,
      {
        fix: `Allow it in sshd_config (AllowTcpForwarding yes, and PermitOpen ${to} where there is one) and in the options of the line in authorized_keys.`,
        cause: thrown,
      },
    );
  }
  return sided(side, 'unreachable', `The SSH server at ${tunnel.host} could not reach ${to}.`, {
    fix: `Check host and port of the database, as ${tunnel.host} knows them, and that the database runs and lets ${tunnel.host} in.`,
    cause: thrown,
  });
}
