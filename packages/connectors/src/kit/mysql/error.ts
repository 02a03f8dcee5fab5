import { type ErrorOptions, SluiceError } from '@sluice/domain/error';
import type { ErrorCode } from '@sluice/domain/error-code';
import { EgressFailure, errorCode } from '../egress-failure.ts';
import type { MysqlSettings } from './settings.ts';

/** Whose error codes to use. */
export type Side = 'source' | 'destination';

export interface MysqlErrorContext {
  readonly side: Side;
  readonly settings: MysqlSettings;
  /** Whether the session had been established when it failed. */
  readonly connected: boolean;
}

/** What the driver hangs on the errors of a server. */
export interface MysqlServerError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly sqlState?: string;
  readonly sqlMessage?: string;
}

export const isServerError = (thrown: unknown): thrown is MysqlServerError =>
  thrown instanceof Error && 'errno' in thrown && typeof thrown.errno === 'number' && 'sqlState' in thrown;

/**
 * Any failure of the driver, the network or the server as a SluiceError. `details.errno` holds the server's number.
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html (read 2026-11-22)
 */
export function mysqlError(thrown: unknown, context: MysqlErrorContext): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  if (isServerError(thrown)) return serverError(thrown, context);
  if (thrown instanceof EgressFailure && thrown.stage === 'dns') {
    return sided(context, 'unreachable', thrown.message, {
      fix: 'Check the spelling of the host; it must be known to public name servers or to this machine.',
      cause: thrown,
    });
  }
  const code = errorCode(thrown) ?? '';
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') {
    return sided(context, 'tls', `The server at ${address(context)} does not offer encrypted connections.`, {
      fix: 'Switch on TLS at the server, or choose SSL mode Disable in a private network.',
      cause: thrown,
    });
  }
  if (code === 'HANDSHAKE_SSL_ERROR') {
    const words = thrown instanceof Error ? thrown.message : 'unknown';
    return sided(context, 'tls', `The server's certificate or encryption was not accepted: ${words}.`, {
      fix: 'Paste the certificate of the authority as CA certificate, use the host name that the certificate is made out to, or choose another SSL mode.',
      cause: thrown,
    });
  }
  // With TLS 1.3 a server looks at the client's certificate when the client takes the handshake to be over.
  if (/^ERR_SSL_.*ALERT/.test(code)) {
    return sided(context, 'tls', 'The server did not accept the client certificate.', {
      fix: 'Enter a certificate for clients, with its key, that the server knows or whose authority it trusts; or none, if it asks for none.',
      cause: thrown,
    });
  }
  if (code === 'AUTH_SWITCH_PLUGIN_ERROR') {
    return sided(context, 'auth', 'The server asks for a way of signing in that was not accepted.', {
      fix: 'Use an account with mysql_native_password, caching_sha2_password or sha256_password, and check its password.',
      cause: thrown,
    });
  }
  if (context.connected && context.side === 'source') {
    return new SluiceError('source_ended_early', 'The connection to the source broke.', { cause: thrown });
  }
  const message = context.connected
    ? `The connection to ${address(context)} broke.`
    : `No MySQL server could be reached at ${address(context)}.`;
  // One text for refused, silent and foreign ports: it tells nobody what listens there.
  return sided(context, 'unreachable', message, {
    fix: 'Check host and port, that the server runs and listens on that address, and that its firewall lets Sluice in.',
    cause: thrown,
  });
}

function serverError(error: MysqlServerError, context: MysqlErrorContext): SluiceError {
  const words = `The server says: ${sentence(error.sqlMessage ?? error.message)}`;
  const options = { cause: error, details: { errno: error.errno } };
  const { user, database } = context.settings;
  switch (error.errno) {
    case 1045: // ER_ACCESS_DENIED_ERROR
    case 1698: // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
      return sided(context, 'auth', `The server at ${address(context)} refused the user or the password.`, {
        ...options,
        fix: 'Check user and password, and that the account may sign in from the address of Sluice.',
      });
    case 1049: // ER_BAD_DB_ERROR
      return sided(context, 'auth', `There is no such database. ${words}`, {
        ...options,
        fix: 'Check the name of the database; upper and lower case may matter.',
      });
    case 1044: // ER_DBACCESS_DENIED_ERROR
    case 1142: // ER_TABLEACCESS_DENIED_ERROR
    case 1143: // ER_COLUMNACCESS_DENIED_ERROR
    case 1227: // ER_SPECIFIC_ACCESS_DENIED_ERROR
      return sided(context, 'permission', words, {
        ...options,
        fix: `As an administrator: GRANT SELECT ON \`${database.replaceAll('`', '``')}\`.* TO '${user.replaceAll("'", "''")}'@'%';`,
      });
    case 1040: // ER_CON_COUNT_ERROR
    case 1203: // ER_TOO_MANY_USER_CONNECTIONS
      return sided(context, 'failed', `The server has no connection left. ${words}`, {
        ...options,
        fix: 'Raise max_connections, or close idle sessions.',
      });
    case 1317: // ER_QUERY_INTERRUPTED
    case 1969: // ER_STATEMENT_TIMEOUT of MariaDB
    case 3024: // ER_QUERY_TIMEOUT of MySQL
      return context.side === 'source'
        ? new SluiceError('source_timeout', `The query was cancelled. ${words}`, options)
        : new SluiceError('destination_failed', `The statement was cancelled. ${words}`, options);
    case 1053: // ER_SERVER_SHUTDOWN
    case 1927: // ER_CONNECTION_KILLED of MariaDB
      return context.connected && context.side === 'source'
        ? new SluiceError('source_ended_early', `The server ended the session. ${words}`, options)
        : sided(context, 'unreachable', `The server ended the session. ${words}`, options);
    default:
      return sided(context, 'failed', words, options);
  }
}

export const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

const address = ({ settings: { host, port } }: MysqlErrorContext): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

type Kind = 'unreachable' | 'tls' | 'auth' | 'permission' | 'failed';

function sided(context: MysqlErrorContext, kind: Kind, message: string, options: ErrorOptions): SluiceError {
  const code: ErrorCode = `${context.side}_${kind}`;
  return new SluiceError(code, message, options);
}
