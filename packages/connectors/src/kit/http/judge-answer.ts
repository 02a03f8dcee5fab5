import { SluiceError } from '@sluice/domain/error';
import type { RecordResult } from '../destination.ts';
import { EgressFailure } from '../egress-failure.ts';
import { retryAfterMs } from '../retry-after.ts';
import { utcWords } from '../time-value.ts';
import { type AnswerMeaning, type AnswerRules, resetPauseMs, type VendorFailure } from './answer-rules.ts';
import type { ApiAnswer, ApiRequest } from './api-request.ts';
import { refusalWords } from './refusal-words.ts';
import type { RequestFailure } from './request-failed.ts';

/** A vendor that asks for more than this is not slow but used up: the run ends, and the sync goes on then. */
const pauseMaxMs = 15 * 60_000;
const askedMaxMs = 48 * 60 * 60_000;

export interface ReadAnswer {
  readonly answer: ApiAnswer;
  /** The body was cut, or longer than is read. */
  readonly incomplete: boolean;
  readonly meaning: AnswerMeaning;
  readonly failure: VendorFailure | null;
  readonly request: ApiRequest;
}

export interface JudgeParts {
  readonly vendor: string;
  readonly rules: AnswerRules;
  redact(text: string): string;
}

/** What an answer means for the rows of its request; `null` when it is a good one that can be read. */
export function failureOf(read: ReadAnswer, parts: JudgeParts): RequestFailure | null {
  const { answer, meaning, failure, request } = read;
  const { vendor } = parts;
  // A good answer may be long, and nobody asks for its words.
  if (meaning === 'answered') return unreadableFailure(read, vendor);
  const code = failure?.code ?? `http_${answer.status}`;
  const words = parts.redact(failure?.message ?? refusalWords(answer.text));
  const said = `${vendor}: ${words === '' ? `HTTP ${answer.status}` : words}`;
  switch (meaning) {
    case 'refused':
      return { kind: 'refused', status: answer.status, code, message: said };
    case 'retry':
    case 'doubtful':
      return pauseFailure(read, parts, {
        code,
        message: said,
        doubtful: meaning === 'doubtful' && !request.reads,
      });
    case 'unauthenticated':
      return fatal('destination_auth', `${vendor} refused the credentials (${said}).`);
    case 'forbidden':
      return fatal('destination_permission', `${vendor} forbids this request (${said}).`, {
        fix: `Give the credentials the right that ${vendor} names, or connect again with it.`,
      });
    case 'missing':
      return fatal(
        answer.status >= 300 && answer.status < 400 ? 'destination_failed' : 'destination_object_missing',
        answer.status >= 300 && answer.status < 400
          ? `${vendor} redirects, and Sluice does not follow: check the API address of the destination.`
          : said,
      );
  }
}

function pauseFailure(
  { answer, request }: ReadAnswer,
  { vendor, rules }: JudgeParts,
  { code, message, doubtful }: { code: string; message: string; doubtful: boolean },
): RequestFailure {
  const now = new Date();
  const asked =
    retryAfterMs(answer.headers['retry-after'], now.getTime(), askedMaxMs) ??
    rules.pauseMs?.(answer) ??
    (answer.status === 429
      ? resetPauseMs(answer.headers, rules.resetHeaders ?? [], now.getTime())
      : undefined);
  const resumeAt =
    rules.quotaResetsAt?.(answer, now) ??
    (asked !== undefined && asked > pauseMaxMs ? new Date(now.getTime() + asked) : null);
  if (resumeAt) {
    return fatal('destination_quota', `${vendor} takes no more until ${utcWords(resumeAt)} (${message}).`, {
      details: { resumeAt: resumeAt.toISOString() },
    });
  }
  const result: RecordResult = {
    status: 'retry',
    code,
    message,
    ...(asked !== undefined && { afterMs: asked }),
    ...(doubtful && !request.reads && { inDoubt: true }),
  };
  return { kind: 'rows', result };
}

/** A good status whose body proves nothing: HTML of something in between, half of it, or none where there must be one. */
function unreadableFailure(
  { answer, incomplete, request }: ReadAnswer,
  vendor: string,
): RequestFailure | null {
  const wanted = request.answer ?? 'json';
  const html = /^\s*<(!doctype|html)/i.test(answer.text);
  if (!incomplete && !html && (wanted !== 'json' || answer.body !== undefined)) return null;
  const what = incomplete ? 'broke off or is too long' : html ? 'is a web page' : 'cannot be read';
  const code = incomplete ? 'answer_incomplete' : 'answer_unreadable';
  const message = `The answer ${answer.status} of ${vendor} ${what}, so it proves nothing.`;
  return {
    kind: 'rows',
    result: request.reads ? { status: 'retry', code, message } : { status: 'uncertain', code, message },
  };
}

/** What it means that no answer came. Rethrows what is neither a network failure nor a refusal of ours. */
export function unansweredFailure(thrown: unknown, signal: AbortSignal, reads: boolean): RequestFailure {
  if (signal.aborted) {
    const message = 'The run was stopped while the request was on its way.';
    return {
      kind: 'rows',
      result: reads
        ? { status: 'retry', code: 'not_sent', message }
        : { status: 'uncertain', code: 'request_stopped', message },
    };
  }
  if (thrown instanceof SluiceError) return { kind: 'fatal', error: thrown };
  if (!(thrown instanceof EgressFailure)) throw thrown;
  const { stage, sent, message } = thrown;
  if (stage === 'tls') return fatal('destination_tls', message);
  if (!sent) return { kind: 'rows', result: { status: 'retry', code: 'destination_unreachable', message } };
  const code = stage === 'timeout' ? 'request_timeout' : 'connection_lost';
  return { kind: 'rows', result: { status: reads ? 'retry' : 'uncertain', code, message } };
}

const fatal = (
  code: ConstructorParameters<typeof SluiceError>[0],
  message: string,
  options: ConstructorParameters<typeof SluiceError>[2] = {},
): RequestFailure => ({ kind: 'fatal', error: new SluiceError(code, message, options) });
