import { type ErrorOptions, SluiceError } from '@sluice/domain/error';
import { EgressFailure } from '../../kit/egress-failure.ts';
import { quoteClickHouse } from './dialect.ts';
import type { ClickHouseSettings } from './settings.ts';

/** What the client hangs on the errors of a server. */
interface ServerError extends Error {
  readonly code: string;
  readonly type?: string;
}

/**
 * Any failure of the client, the network or the server as a SluiceError; `answering`: after the first byte of a result.
 * https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp (read 2026-11-22)
 */
export function clickHouseError(
  thrown: unknown,
  settings: ClickHouseSettings,
  { answering = false } = {},
): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const server = serverError(thrown);
  if (server) return refusal(server, settings);
  if (answering)
    return new SluiceError('source_ended_early', 'The connection to the source broke.', { cause: thrown });
  if (thrown instanceof EgressFailure && thrown.stage === 'tls') {
    return new SluiceError('source_tls', thrown.message, {
      fix: 'Use the host name that the certificate is made out to, or http in a private network.',
      cause: thrown,
    });
  }
  return new SluiceError(
    'source_unreachable',
    `No ClickHouse server could be reached at ${settings.url.host}.`,
    {
      fix: 'Check the address and the port, and that the firewall lets Sluice in.',
      cause: thrown,
    },
  );
}

/** An exception that the server wrote behind the rows it had sent. */
export function exceptionInBody(text: string, settings: ClickHouseSettings): SluiceError {
  const [, code, words = text] = /Code: (\d+)\. (?:DB::Exception: )?([\s\S]*)/.exec(text) ?? [];
  if (code === undefined)
    return new SluiceError('source_ended_early', 'The result of the source ended in the middle of a row.');
  return refusal(Object.assign(new Error(words.trim()), { code }), settings);
}

function serverError(thrown: unknown): ServerError | null {
  return thrown instanceof Error && 'code' in thrown && /^\d+$/.test(String(thrown.code))
    ? (thrown as ServerError)
    : null;
}

function refusal(error: ServerError, settings: ClickHouseSettings): SluiceError {
  // A syntax error goes on with all words that could have stood there.
  const said = error.message
    .replace(/\s*\(version [^)]*\)\s*/g, ' ')
    .replace(/ Expected one of:[\s\S]*$/, '');
  const words = `ClickHouse says: ${said.slice(0, 1_000).replace(/[.\s]*$/, '.')}`;
  const options: ErrorOptions = { cause: error, details: { code: Number(error.code) } };
  switch (Number(error.code)) {
    case 192: // UNKNOWN_USER
    case 193: // WRONG_PASSWORD
    case 194: // REQUIRED_PASSWORD
    case 516: // AUTHENTICATION_FAILED
      return new SluiceError(
        'source_auth',
        `The server at ${settings.url.host} refused the user or the password.`,
        {
          ...options,
          fix: 'Check user and password, and that the user may sign in from the address of Sluice.',
        },
      );
    case 497: // ACCESS_DENIED
      return new SluiceError('source_permission', words, { ...options, fix: readGrants(settings) });
    case 164: // READONLY
      return new SluiceError('query_not_read_only', words, {
        ...options,
        fix: 'A model may only read. If no query works: the profile of the user needs readonly = 2, so that Sluice can say how values are written.',
      });
    case 179: // MULTIPLE_EXPRESSIONS_FOR_ALIAS
      return new SluiceError('query_columns_duplicate', words, options);
    case 159: // TIMEOUT_EXCEEDED
    case 394: // QUERY_WAS_CANCELLED
      return new SluiceError('source_timeout', words, options);
    case 115: // UNKNOWN_SETTING
      return new SluiceError('source_failed', words, {
        ...options,
        fix: 'Sluice reads ClickHouse 23.8 or newer.',
      });
    default:
      return busy.has(Number(error.code))
        ? new SluiceError('source_failed', words, options)
        : new SluiceError('query_invalid', words, {
            ...options,
            fix: 'Correct the query as the message of ClickHouse says.',
          });
  }
}

/** What is no fault of the query's words: too many queries, memory, disk, network, keeper, replicas. */
const busy = new Set([
  32, 33, 74, 75, 198, 201, 202, 203, 209, 210, 225, 236, 241, 242, 243, 252, 279, 319, 999,
]);

/** Statements that let a user read, and nothing more. */
export const readGrants = ({ database, user }: ClickHouseSettings): string =>
  `GRANT SELECT ON ${quoteClickHouse(database)}.* TO ${quoteClickHouse(user)};`;
