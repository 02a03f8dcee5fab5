import { type ErrorOptions, SluiceError } from '@sluice/domain/error';
import type { ErrorCode } from '@sluice/domain/error-code';
import { DatabaseError } from 'pg';
import { EgressFailure, errorCode } from './egress-failure.ts';

/** Whose error codes to use. */
export type Side = 'source' | 'destination';

export interface PgErrorContext {
  readonly side: Side;
  readonly host: string;
  readonly port: number;
  /** Whether the session had been established when it failed. */
  readonly connected: boolean;
}

/**
 * Any failure of the driver, the network or the server as a SluiceError. `details.sqlState` holds the server's code
 * where it gave one. `query_*` codes are not made here: only the source knows which text a position belongs to.
 */
export function pgError(thrown: unknown, context: PgErrorContext): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  if (thrown instanceof DatabaseError) return serverError(thrown, context);
  if (thrown instanceof EgressFailure && thrown.stage === 'dns') {
    return sided(context, 'unreachable', thrown.message, {
      fix: 'Check the spelling of the host; it must be known to public name servers or to this machine.',
      cause: thrown,
    });
  }
  const message = thrown instanceof Error ? thrown.message : '';
  if (message === 'The server does not support SSL connections') {
    return sided(context, 'tls', `The server at ${address(context)} does not offer encrypted connections.`, {
      fix: 'Switch on SSL at the server (ssl = on), or choose SSL mode Disable in a private network.',
      cause: thrown,
    });
  }
  const code = errorCode(thrown) ?? '';
  if (isTlsCode(code)) return tlsError(code, message, context, thrown);
  if (/SASL|SCRAM|must be a (non-empty )?string/.test(message)) {
    return sided(context, 'auth', 'The server asks for a password that was not given or cannot be used.', {
      fix: 'Enter the password of the user.',
      cause: thrown,
    });
  }
  return connectionError(context, thrown);
}

/** One text for refused, silent and foreign ports: it tells nobody what listens there. */
function connectionError(context: PgErrorContext, thrown: unknown): SluiceError {
  if (context.connected && context.side === 'source') {
    return new SluiceError('source_ended_early', 'The connection to the source broke.', { cause: thrown });
  }
  const message = context.connected
    ? `The connection to ${address(context)} broke.`
    : `No PostgreSQL server could be reached at ${address(context)}.`;
  return sided(context, 'unreachable', message, {
    fix: 'Check host and port, that the server runs and listens on that address, and that its firewall lets Sluice in.',
    cause: thrown,
  });
}

function tlsError(code: string, message: string, context: PgErrorContext, cause: unknown): SluiceError {
  const known: Record<string, string> = {
    CERT_HAS_EXPIRED: 'Renew the certificate of the server.',
    ERR_TLS_CERT_ALTNAME_INVALID: `Use the host name that the certificate is made out to, or have ${context.host} added to it.`,
    DEPTH_ZERO_SELF_SIGNED_CERT: 'Paste the certificate of the server as CA certificate.',
    SELF_SIGNED_CERT_IN_CHAIN: "Paste your authority's certificate as CA certificate.",
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: "Paste your authority's certificate as CA certificate.",
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "Paste your authority's certificate as CA certificate.",
  };
  return sided(context, 'tls', `The server's certificate or encryption was not accepted: ${message}.`, {
    fix: known[code] ?? 'Check that the server offers TLS 1.2 or newer, or choose another SSL mode.',
    cause,
  });
}

const isTlsCode = (code: string): boolean =>
  /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO$|HOSTNAME_MISMATCH)/.test(code);

function serverError(error: DatabaseError, context: PgErrorContext): SluiceError {
  const sqlState = error.code ?? '';
  const options = { cause: error, details: { sqlState } };
  const words = `The server says: ${error.message}.`;
  switch (sqlState) {
    case '28P01':
      return sided(context, 'auth', `The server at ${address(context)} refused the user or the password.`, {
        ...options,
        fix: 'Check user and password; the password may have been changed at the server.',
      });
    case '28000':
      return sided(context, 'auth', `The server does not let this user in. ${words}`, {
        ...options,
        fix: /no encryption|SSL off/.test(error.message)
          ? 'The server wants encryption: choose SSL mode Require or Verify full.'
          : "Check the user name, that it may LOGIN, and that pg_hba.conf allows it from Sluice's address.",
      });
    case '3D000':
      return sided(context, 'auth', `There is no such database. ${words}`, {
        ...options,
        fix: 'Check the name of the database; upper and lower case matter.',
      });
    case '42501':
      return sided(context, 'permission', words, {
        ...options,
        fix: 'Grant the user the right named in the message.',
      });
    case '53300':
      return sided(context, 'failed', `The server has no connection left. ${words}`, {
        ...options,
        fix: 'Raise max_connections, close idle sessions, or point Sluice at a connection pooler.',
      });
    case '57014':
      return context.side === 'source'
        ? new SluiceError('source_timeout', `The query was cancelled. ${words}`, options)
        : new SluiceError('destination_failed', `The statement was cancelled. ${words}`, options);
    case '57P03':
      return sided(context, 'unreachable', `The server is not ready. ${words}`, options);
    default:
      break;
  }
  if (sqlState.startsWith('57P') || sqlState.startsWith('08')) return connectionError(context, error);
  if (sqlState === '42P01' && context.side === 'destination') {
    return new SluiceError('destination_object_missing', words, options);
  }
  return sided(context, 'failed', words, options);
}

const address = ({ host, port }: PgErrorContext): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

type Kind = 'unreachable' | 'tls' | 'auth' | 'permission' | 'failed';

function sided(context: PgErrorContext, kind: Kind, message: string, options: ErrorOptions): SluiceError {
  const code: ErrorCode = `${context.side}_${kind}`;
  return new SluiceError(code, message, options);
}
