import { createHash } from 'node:crypto';
import { SluiceError } from '@sluice/domain/error';
import type { Exchange } from '@sluice/domain/sync';
import type { ConnectContext } from '../../kit/context.ts';
import {
  type Delivery,
  type DestinationRecord,
  NotAdmitted,
  type RecordResult,
} from '../../kit/destination.ts';
import { EgressFailure } from '../../kit/egress-failure.ts';
import type { ExchangeRecorder } from '../../kit/http/exchange-recorder.ts';
import { refusalWords } from '../../kit/http/refusal-words.ts';
import { type AnswerMeaning, meaningOf } from './answer.ts';
import type { HttpRequestOptions } from './options.ts';
import type { RenderedRequest } from './render-request.ts';
import { retryAfterMs } from './retry-after.ts';
import { readRowResults } from './row-results.ts';

/** What one request came to. */
export interface Sending {
  readonly exchange: Exchange;
  readonly verdict: Verdict;
}

export type Verdict =
  /** One result per row of the request. */
  | { readonly kind: 'rows'; readonly results: readonly RecordResult[] }
  /** The same for all rows; `stop`: sending more now is useless. */
  | { readonly kind: 'all'; readonly result: RecordResult; readonly stop: boolean }
  /** The request was refused as a whole, perhaps because of one of its rows. */
  | { readonly kind: 'refused'; readonly result: RecordResult }
  /** Nothing was applied, and no row can be: settings or credentials are wrong. */
  | { readonly kind: 'fatal'; readonly error: SluiceError };

export interface SendParts {
  readonly context: ConnectContext;
  readonly options: HttpRequestOptions;
  readonly recorder: ExchangeRecorder;
}

/**
 * Sends one request and reads its answer. Never throws for anything that the destination or the network does; throws
 * `NotAdmitted` when the run stops before the request has left.
 */
export async function sendRequest(
  parts: SendParts,
  rendered: RenderedRequest,
  records: readonly DestinationRecord[],
  delivery: Pick<Delivery, 'signal' | 'idempotencyKey' | 'confirm'>,
): Promise<Sending> {
  const { context, options, recorder } = parts;
  // Made once: the key is made of the bytes, and they are what is sent.
  const body = typeof rendered.body === 'string' ? Buffer.from(rendered.body) : rendered.body;
  const request = withIdempotencyKey(rendered, body, records, delivery.idempotencyKey);
  const startedAt = new Date();
  const started = performance.now();
  const finish = (outcome: Parameters<ExchangeRecorder['record']>[1], verdict: Verdict): Sending => ({
    exchange: recorder.record(request, outcome, startedAt, performance.now() - started, isUsual(verdict)),
    verdict,
  });
  try {
    const answer = await context.egress.request({
      method: request.method,
      url: request.url,
      headers: request.headers,
      ...(body && { body }),
      timeoutMs: context.timeouts.requestMs,
      bodyBytesMax: 5 * 1024 * 1024,
      signal: delivery.signal,
      beforeSend: () => delivery.confirm?.(),
    });
    const meaning = meaningOf(answer.status, options.answers);
    const pause = retryAfterMs(answer.headers['retry-after'], Date.now());
    return finish(answer, judge(parts, records, meaning, answer, pause));
  } catch (thrown) {
    if (thrown instanceof NotAdmitted) throw thrown;
    if (delivery.signal.aborted) {
      const message = 'The run was stopped while the request was on its way.';
      return finish(message, { kind: 'all', result: uncertain('request_stopped', message), stop: true });
    }
    const verdict = judgeFailure(thrown);
    return finish(thrown instanceof Error ? thrown.message : 'The request failed.', verdict);
  }
}

/** Of large batches that went well only the beginning is kept. */
const isUsual = (verdict: Verdict): boolean =>
  verdict.kind === 'all' && verdict.result.status === 'delivered';

/**
 * The same rows with the same content carry the same key on every try, so that a destination that knows the header
 * applies them once. A key that the sync sets itself stays.
 */
function withIdempotencyKey(
  request: RenderedRequest,
  body: Uint8Array | null,
  records: readonly DestinationRecord[],
  idempotencyKey: string,
): RenderedRequest {
  if (Object.keys(request.headers).some((name) => name.toLowerCase() === 'idempotency-key')) return request;
  const content = createHash('sha256').update(`${idempotencyKey}\0${request.method}\0${request.url}\0`);
  if (body) content.update(body);
  content.update('\0');
  for (const { class: name, key: row } of records) content.update(`${name}\0${row}\0`);
  const key = content.digest('hex').slice(0, 40);
  return { ...request, headers: { ...request.headers, 'Idempotency-Key': key } };
}

function judge(
  { options, recorder }: SendParts,
  records: readonly DestinationRecord[],
  meaning: AnswerMeaning,
  answer: { status: number; headers: Record<string, string>; body: string; incomplete: boolean },
  pause: number | undefined,
): Verdict {
  const { status } = answer;
  const said = (): string => {
    const words = recorder.redact(refusalWords(answer.body));
    return words === '' ? `HTTP ${status}` : `HTTP ${status}: ${words}`;
  };
  switch (meaning) {
    case 'delivered':
      if (answer.incomplete) {
        const message = `The answer ${status} broke off or is too long, so it proves nothing.`;
        return { kind: 'all', result: uncertain('answer_incomplete', message), stop: false };
      }
      if (!options.rowResults) return { kind: 'all', result: { status: 'delivered' }, stop: false };
      return {
        kind: 'rows',
        results: readRowResults(answer.body, options.rowResults, records).map((result) =>
          result.status === 'delivered' ? result : { ...result, message: recorder.redact(result.message) },
        ),
      };
    case 'rejected':
      return { kind: 'refused', result: { status: 'rejected', code: `http_${status}`, message: said() } };
    case 'retry':
      return {
        kind: 'all',
        result: {
          status: 'retry',
          code: `http_${status}`,
          message: said(),
          ...(pause !== undefined && { afterMs: pause }),
          // 503 is sent before the work; any other server error may come after it.
          ...(status >= 500 && status !== 503 && { inDoubt: true }),
        },
        stop: true,
      };
    case 'redirected':
      return {
        kind: 'all',
        result: {
          status: 'rejected',
          code: `http_${status}`,
          message: `HTTP ${status}: the destination redirects ${to(answer.headers.location, recorder)}; Sluice does not follow. Put the final address into the URL.`,
        },
        stop: false,
      };
    case 'unauthenticated':
      return {
        kind: 'fatal',
        error: new SluiceError('destination_auth', `The destination refused the credentials (${said()}).`, {
          fix: 'Check the Authorization header of the destination.',
        }),
      };
    case 'forbidden':
      return {
        kind: 'fatal',
        error: new SluiceError(
          'destination_permission',
          `The destination forbids this request (${said()}).`,
          {
            fix: 'Give the credentials of the destination the right to make this request, or name 403 under "rejected" if it speaks of single rows.',
          },
        ),
      };
  }
}

function to(location: string | undefined, recorder: ExchangeRecorder): string {
  return location ? `to ${recorder.redact(location).slice(0, 200)}` : 'elsewhere';
}

function judgeFailure(thrown: unknown): Verdict {
  if (thrown instanceof SluiceError) return { kind: 'fatal', error: thrown };
  if (!(thrown instanceof EgressFailure)) throw thrown;
  const { stage, sent, message } = thrown;
  if (stage === 'tls') {
    return {
      kind: 'fatal',
      error: new SluiceError('destination_tls', message, { cause: thrown }),
    };
  }
  if (sent) {
    const code = stage === 'timeout' ? 'request_timeout' : 'connection_lost';
    return { kind: 'all', result: uncertain(code, message), stop: true };
  }
  return {
    kind: 'all',
    result: { status: 'retry', code: 'destination_unreachable', message },
    stop: true,
  };
}

const uncertain = (code: string, message: string): RecordResult => ({ status: 'uncertain', code, message });
