import { type ErrorOptions, SluiceError } from '@sluice/domain/error';
import type { RecordResult } from '../../kit/destination.ts';
import { EgressFailure, errorCode } from '../../kit/egress-failure.ts';
import type { RedisSettings } from './configuration.ts';

/** First word of a server's error: `WRONGTYPE`, `NOAUTH`. https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors (2026-11) */
export const errorWord = (thrown: unknown): string =>
  thrown instanceof Error && thrown.name === 'ReplyError'
    ? (/^([A-Z]+)\b/.exec(thrown.message)?.[1] ?? 'ERR')
    : '';

/** Any failure of the client, the network or the server before a command could be carried out, as a SluiceError. */
export function redisError(thrown: unknown, settings: RedisSettings): SluiceError {
  if (thrown instanceof SluiceError) return thrown;
  const options: ErrorOptions = { cause: thrown };
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  switch (errorWord(thrown)) {
    case 'WRONGPASS':
    case 'NOAUTH':
      return new SluiceError('destination_auth', `The server refused the user or the password (${words}).`, {
        ...options,
        fix: 'Check user and password of the destination.',
      });
    case 'NOPERM':
      return new SluiceError('destination_permission', `The user may not do this (${words}).`, {
        ...options,
        fix: grant(settings),
      });
    case '':
      break;
    default:
      return /AUTH/.test(words)
        ? new SluiceError('destination_auth', `The server did not let Sluice in (${words}).`, options)
        : new SluiceError('destination_failed', `The server says: ${words}.`, options);
  }
  const code = errorCode(thrown) ?? '';
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO$)/.test(code)) {
    return new SluiceError(
      'destination_tls',
      `The server's certificate or encryption was not accepted: ${words}.`,
      {
        ...options,
        fix: 'Paste the certificate of the authority as CA certificate, or choose another SSL mode.',
      },
    );
  }
  const found = thrown instanceof EgressFailure && thrown.stage === 'dns';
  return new SluiceError(
    'destination_unreachable',
    found ? thrown.message : `No Redis server could be reached at ${settings.host}:${settings.port}.`,
    {
      ...options,
      fix: 'Check host, port and SSL mode, that the server runs, and that its firewall lets Sluice in.',
    },
  );
}

/** What a failed command means for its row. All commands may be repeated: they set, they do not add. */
export function resultOf(thrown: unknown): RecordResult {
  const words = thrown instanceof Error ? thrown.message : String(thrown);
  switch (errorWord(thrown)) {
    case 'WRONGTYPE':
      return {
        status: 'rejected',
        code: 'wrong_type',
        message: `The key holds a value of another kind (${words}). Use another key prefix, or delete the key.`,
      };
    case 'OOM':
      return {
        status: 'retry',
        code: 'out_of_memory',
        message: `The server has no memory left (${words}).`,
        afterMs: 5_000,
      };
    case 'LOADING':
    case 'BUSY':
    case 'TRYAGAIN':
    case 'READONLY':
    case 'CLUSTERDOWN':
    case 'MASTERDOWN':
      return { status: 'retry', code: 'not_ready', message: `The server is not ready (${words}).` };
    case '':
      // The connection broke, or no answer came in time.
      return {
        status: 'retry',
        code: 'connection_lost',
        message: 'The connection to Redis broke.',
        inDoubt: true,
      };
    default:
      return { status: 'rejected', code: 'refused', message: words };
  }
}

/** Failures that no row of the sync can escape. */
export const isFatal = (thrown: unknown): boolean =>
  ['NOAUTH', 'WRONGPASS', 'NOPERM'].includes(errorWord(thrown));

const grant = ({ user }: RedisSettings): string =>
  `As an administrator: ACL SETUSER ${user ?? 'default'} on ~* +@connection +@read +@write +@transaction -@dangerous`;
