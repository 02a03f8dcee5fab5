import { SluiceError } from '@sluice/domain/error';
import { EgressFailure } from '../../kit/egress-failure.ts';
import type { SnowflakeSettings } from './configuration.ts';

/** What the driver hangs on its errors. */
interface DriverError extends Error {
  readonly code?: string | number;
  readonly sqlState?: string;
}

/**
 * Any failure of the driver, the network or the server as a SluiceError. `details.code` holds Snowflake's number.
 * https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting and the driver's error_code.ts (read 2026-11-22)
 */
export function snowflakeError(thrown: unknown, settings: SnowflakeSettings): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  if (thrown instanceof EgressFailure) return unreachable(settings, thrown);
  const error = thrown as DriverError;
  const code = String(error.code ?? '').padStart(6, '0');
  const words = `Snowflake says: ${sentence(error.message ?? 'nothing')}`;
  const options = { cause: thrown, details: { code } };
  switch (code) {
    case '390100': // incorrect user name or password
    case '390144': // JWT token is invalid
    case '390303': // invalid OAuth access token
    case '394400': // programmatic access token is invalid
    case '390318': // OAuth access token expired
      return new SluiceError(
        'source_auth',
        `The account ${settings.account} refused the user or its credentials.`,
        {
          ...options,
          fix: authFix(settings),
        },
      );
    case '390189': // role not granted to this user
    case '390186':
      return new SluiceError(
        'source_auth',
        `The user may not take the role ${settings.role ?? ''}. ${words}`,
        {
          ...options,
          fix: `As an administrator: GRANT ROLE ${name(settings.role ?? 'SLUICE_READER')} TO USER ${name(settings.user)};`,
        },
      );
    case '000606': // no active warehouse
      return new SluiceError(
        'source_permission',
        `The warehouse ${settings.warehouse} cannot be used. ${words}`,
        {
          ...options,
          fix: `Check its name, or as an administrator: GRANT USAGE ON WAREHOUSE ${name(settings.warehouse)} TO ROLE ${name(settings.role ?? 'SLUICE_READER')};`,
        },
      );
    case '000604': // cancelled
    case '000630': // statement timeout
      return new SluiceError('source_timeout', `The query was cancelled. ${words}`, options);
    case '002003': // does not exist or not authorized
      return new SluiceError('query_invalid', words, {
        ...options,
        fix: `Check the name, or grant the role what it needs:\n${readGrants(settings)}`,
      });
    case '002028': // ambiguous column name
      return new SluiceError(
        'query_columns_duplicate',
        `The result has two columns of one name. ${words}`,
        options,
      );
    default:
      break;
  }
  // 4xx are the driver's own: network errors (401001 …), sessions that ended (407001 …), results (402001 …).
  if (/^4/.test(code)) return unreachable(settings, thrown);
  if (/^(42|22|0A|02)/.test(error.sqlState ?? '')) {
    return new SluiceError('query_invalid', words, {
      ...options,
      fix: 'Correct the query as the message of Snowflake says.',
    });
  }
  if (code === '000000') return unreachable(settings, thrown);
  return new SluiceError('source_failed', words, options);
}

export const unreachable = (settings: SnowflakeSettings, cause?: unknown): SluiceError =>
  new SluiceError(
    'source_unreachable',
    `The account ${settings.account} did not answer at ${settings.url.host}.`,
    {
      fix: 'Check the account identifier, and that no network policy of the account shuts Sluice out.',
      cause,
    },
  );

function authFix({ credentials, user }: SnowflakeSettings): string {
  switch (credentials.kind) {
    case 'key_pair':
      return `Set the public half of the key: ALTER USER ${name(user)} SET RSA_PUBLIC_KEY = '…'; and check account and user.`;
    case 'token':
      return 'Make a new programmatic access token for the user; tokens expire.';
    case 'oauth':
      return 'Open the source, and connect it again.';
    case 'password':
      return 'Check user and password. Where passwords alone are shut off, use a key pair.';
  }
}

/** Statements that let the role read. */
export function readGrants({ role, warehouse, database, schema }: SnowflakeSettings): string {
  const to = `TO ROLE ${name(role ?? 'SLUICE_READER')};`;
  const at = name(database);
  const space = schema === null ? `ALL SCHEMAS IN DATABASE ${at}` : `SCHEMA ${at}.${name(schema)}`;
  const tables = schema === null ? `DATABASE ${at}` : `SCHEMA ${at}.${name(schema)}`;
  return [
    `GRANT USAGE ON WAREHOUSE ${name(warehouse)} ${to}`,
    `GRANT USAGE ON DATABASE ${at} ${to}`,
    `GRANT USAGE ON ${space} ${to}`,
    `GRANT SELECT ON ALL TABLES IN ${tables} ${to}`,
    `GRANT SELECT ON FUTURE TABLES IN ${tables} ${to}`,
    `GRANT SELECT ON ALL VIEWS IN ${tables} ${to}`,
  ].join('\n');
}

/** As Snowflake prints names: bare where it can be. */
const name = (text: string): string =>
  /^[A-Z_][A-Z0-9_$]*$/i.test(text) ? text : `"${text.replaceAll('"', '""')}"`;

const sentence = (text: string): string => (/[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);
