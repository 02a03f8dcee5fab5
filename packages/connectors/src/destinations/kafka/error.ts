import { type ErrorOptions, SluiceError } from '@sluice/domain/error';
import { EgressFailure, errorCode } from '../../kit/egress-failure.ts';
import type { KafkaSettings } from './configuration.ts';

/** What a failed produce request means for its messages. */
export type Refusal =
  /** One of them is why: the others can go. */
  | { readonly kind: 'poison'; readonly code: string; readonly message: string }
  /** The broker has them from an earlier try. */
  | { readonly kind: 'repeated' }
  /** It may work later. */
  | { readonly kind: 'later'; readonly code: string; readonly message: string }
  | { readonly kind: 'fatal'; readonly error: SluiceError };

/** https://kafka.apache.org/protocol#protocol_error_codes (2026-11) */
const poison = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP']);
/** Written by the leader perhaps, though it says that it failed; the client does not take them for passing. */
const doubtful = new Set(['REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'NETWORK_EXCEPTION']);
/** The producer's numbers are of no use any more: a new one begins anew. */
const lostCount = new Set(['OUT_OF_ORDER_SEQUENCE_NUMBER', 'UNKNOWN_PRODUCER_ID', 'INVALID_PRODUCER_EPOCH']);

export function refusalOf(thrown: unknown, settings: KafkaSettings): Refusal {
  const cause = causeOf(thrown);
  const words = wordsOf(cause);
  const type = typeOf(cause);
  if (poison.has(type)) return { kind: 'poison', code: type.toLowerCase(), message: words };
  if (type === 'DUPLICATE_SEQUENCE_NUMBER') return { kind: 'repeated' };
  if (type !== '') {
    const again = doubtful.has(type) || lostCount.has(type) || isRetriable(cause);
    if (!again || type.endsWith('AUTHORIZATION_FAILED'))
      return { kind: 'fatal', error: kafkaError(cause, settings) };
    return { kind: 'later', code: type.toLowerCase(), message: words };
  }
  const error = kafkaError(cause, settings);
  if (error.code !== 'destination_unreachable') return { kind: 'fatal', error };
  return { kind: 'later', code: 'connection_lost', message: error.message };
}

/** Any failure, as a SluiceError. */
export function kafkaError(thrown: unknown, settings: KafkaSettings): SluiceError {
  const cause = causeOf(thrown);
  if (cause instanceof SluiceError) return cause;
  const options: ErrorOptions = { cause: thrown };
  const words = wordsOf(cause);
  const type = typeOf(cause);
  if (/SASL/.test((cause as Error)?.name ?? '') || /SASL/.test(type) || /SASL/.test(words)) {
    return new SluiceError('destination_auth', `The cluster did not let Sluice in (${words}).`, {
      ...options,
      fix: 'Check how one signs in, the user and the password.',
    });
  }
  if (type.endsWith('AUTHORIZATION_FAILED')) {
    return new SluiceError('destination_permission', `The cluster does not allow it (${words}).`, {
      ...options,
      fix: `Allow ${settings.login?.username ?? 'the user'} to describe and write the topic, and to write idempotently: kafka-acls --add --allow-principal User:${settings.login?.username ?? 'sluice'} --producer --idempotent --topic …`,
    });
  }
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION') {
    return new SluiceError('destination_object_missing', 'There is no such topic.', options);
  }
  const code = errorCode(cause) ?? '';
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO$)/.test(code)) {
    return new SluiceError('destination_tls', `The encryption of the broker was not accepted: ${words}.`, {
      ...options,
      fix: 'Paste the certificate of the authority as CA certificate, or choose another SSL mode.',
    });
  }
  if (type !== '') return new SluiceError('destination_failed', `The broker says: ${words}`, options);
  if (!(cause instanceof EgressFailure || code !== '' || ofConnections.test((cause as Error)?.name ?? ''))) {
    return new SluiceError('destination_failed', `The client says: ${words}`, options);
  }
  const found = cause instanceof EgressFailure && cause.stage === 'dns';
  return new SluiceError(
    'destination_unreachable',
    found ? cause.message : `No broker could be reached (${words}).`,
    {
      ...options,
      fix: 'Check brokers and SSL mode, and that the brokers name addresses that Sluice can reach (advertised.listeners).',
    },
  );
}

/** Errors of kafkajs about connections. */
const ofConnections = /Connection|RequestTimeout|BrokerNotFound|NoBroker|MetadataNotLoaded|KafkaJSTimeout/;

/** The client wraps what happened, sometimes more than once. */
function causeOf(thrown: unknown): unknown {
  for (let error = thrown; ; ) {
    const { cause, name } = (error ?? {}) as { cause?: unknown; name?: string };
    if (!cause || error instanceof SluiceError || name === 'KafkaJSProtocolError') return error;
    error = cause;
  }
}

const typeOf = (thrown: unknown): string => {
  const { type, name } = (thrown ?? {}) as { type?: unknown; name?: string };
  return typeof type === 'string' && name === 'KafkaJSProtocolError' ? type : '';
};
const isRetriable = (thrown: unknown): boolean => (thrown as { retriable?: boolean })?.retriable === true;
const wordsOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
