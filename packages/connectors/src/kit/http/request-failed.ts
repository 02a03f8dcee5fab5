import { SluiceError } from '@sluice/domain/error';
import type { RecordResult } from '../destination.ts';

/** What a request that got no good answer means for its rows. */
export type RequestFailure =
  /** The same for all of them. Sending more now is useless. */
  | { readonly kind: 'rows'; readonly result: RecordResult }
  /** Refused as a whole, perhaps because of one of them; nothing was applied. */
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly message: string }
  /** Nothing was applied, and no row can be: settings, credentials or the object are wrong. */
  | { readonly kind: 'fatal'; readonly error: SluiceError };

/** Thrown by `send` instead of an answer. Connectors let it through, or catch what they know better. */
export class RequestFailed extends Error {
  readonly failure: RequestFailure;

  constructor(failure: RequestFailure) {
    super(failure.kind === 'fatal' ? failure.error.message : messageOf(failure));
    this.name = 'RequestFailed';
    this.failure = failure;
  }
}

function messageOf(failure: Exclude<RequestFailure, { kind: 'fatal' }>): string {
  if (failure.kind === 'refused') return failure.message;
  return failure.result.status === 'delivered' ? 'delivered' : failure.result.message;
}

/** The failure of a request that no row hangs on (a check, a list of fields), as an error for a person. */
export function toDestinationError(thrown: unknown): unknown {
  if (!(thrown instanceof RequestFailed)) return thrown;
  const { failure } = thrown;
  if (failure.kind === 'fatal') return failure.error;
  if (failure.kind === 'refused') {
    return new SluiceError(
      'destination_failed',
      `The destination refused the request (${failure.message}).`,
      {
        details: { status: failure.status },
      },
    );
  }
  const { result } = failure;
  if (result.status === 'delivered') return thrown;
  if (result.code === 'destination_unreachable') {
    return new SluiceError('destination_unreachable', result.message);
  }
  const afterMs = result.status === 'retry' ? result.afterMs : undefined;
  if (result.code === 'http_429') {
    return new SluiceError('destination_rate_limited', result.message, {
      ...(afterMs !== undefined && { retryAfterMs: afterMs }),
    });
  }
  return new SluiceError('destination_failed', result.message);
}
