import { SluiceError } from '@sluice/domain/error';
import type { Exchange, RequestView } from '@sluice/domain/sync';
import { throwIfAborted } from '../aborted.ts';
import type { ConnectContext, EgressResponse } from '../context.ts';
import { type Delivery, NotAdmitted } from '../destination.ts';
import { EgressFailure } from '../egress-failure.ts';
import { type AnswerRules, readMeaning } from './answer-rules.ts';
import { type ApiAnswer, type ApiRequest, requestUrl } from './api-request.ts';
import type { ApiCredentials } from './credentials.ts';
import { createExchangeRecorder, type ExchangeRecorder, type SentRequest } from './exchange-recorder.ts';
import { failureOf, unansweredFailure } from './judge-answer.ts';
import { RequestFailed, toDestinationError } from './request-failed.ts';

/** Largest answer that is read, unless the request says otherwise. */
const bodyBytesMax = 5 * 1024 * 1024;

export interface ApiSettings {
  /** The vendor, as people call it: `HubSpot`. */
  readonly vendor: string;
  readonly baseUrl: URL;
  readonly credentials: ApiCredentials;
  /** Sent with every request: a pinned version of the API. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly rules?: AnswerRules;
  /** Masks SHA-256 values in what is recorded: for vendors that get hashed addresses. */
  readonly maskHashes?: boolean;
}

/** The only way of a connector to its vendor's API. */
export interface ApiClient {
  /**
   * Sends a request that no row hangs on: a check, a list of objects or fields. Throws a SluiceError with a
   * `destination_*` or `egress_refused` code for everything but a good answer.
   */
  read(request: ApiRequest): Promise<ApiAnswer>;
  /** Requests of one delivery; what was exchanged is collected. */
  session(delivery: SessionParts): ApiSession;
  /** A request as it would be sent, secrets masked. */
  view(request: ApiRequest): Promise<RequestView>;
  /** Takes secrets out of the vendor's words. */
  redact(text: string): string;
}

export interface ApiSession {
  /**
   * Waits for its turn, sends, and answers only good answers. After a 401 the credentials are renewed and the request
   * is sent once more. Throws `RequestFailed` for what went wrong, and `NotAdmitted` when the run stops.
   */
  send(request: ApiRequest): Promise<ApiAnswer>;
  readonly exchanges: readonly Exchange[];
  /** Aborts when requests that are on their way are cut. */
  readonly signal: AbortSignal;
  /** Those of the delivery. */
  readonly memory: Delivery['memory'];
  readonly asksOnly: boolean;
}

type SessionParts = Pick<Delivery, 'signal' | 'admit' | 'confirm' | 'memory' | 'asksOnly'>;

export function createApiClient(settings: ApiSettings, context: ConnectContext): ApiClient {
  const recorder = createExchangeRecorder({
    secrets: settings.credentials.secrets,
    maskHashes: settings.maskHashes ?? false,
  });
  const parts: SendParts = { settings, context, recorder };
  const session = (delivery: SessionParts): ApiSession => {
    const exchanges: Exchange[] = [];
    const { signal, memory, asksOnly = false } = delivery;
    const send = (request: ApiRequest) => sendRequest(parts, request, delivery, exchanges);
    return { exchanges, signal, memory, asksOnly, send };
  };
  return {
    session,
    redact: recorder.redact,
    view: async (request) => recorder.view(await sentForm(settings, request)),
    async read(request) {
      throwIfAborted(context.signal);
      const admit = () => Promise.resolve();
      try {
        return await session({ signal: context.signal, admit }).send({ ...request, reads: true });
      } catch (thrown) {
        throwIfAborted(context.signal);
        throw toDestinationError(thrown);
      }
    },
  };
}

interface SendParts {
  readonly settings: ApiSettings;
  readonly context: ConnectContext;
  readonly recorder: ExchangeRecorder;
}

async function sendRequest(
  parts: SendParts,
  request: ApiRequest,
  delivery: Pick<Delivery, 'signal' | 'admit' | 'confirm'>,
  exchanges: Exchange[],
): Promise<ApiAnswer> {
  const { credentials } = parts.settings;
  for (let renewed = false; ; renewed = true) {
    const outcome = await sendOnce(parts, request, delivery, exchanges);
    if ('answer' in outcome) return outcome.answer;
    const { failure } = outcome.failed;
    const refused = failure.kind === 'fatal' && failure.error.code === 'destination_auth';
    if (!refused || renewed || !credentials.renew) throw outcome.failed;
    await credentials.renew().catch(failFatally);
  }
}

type Outcome = { readonly answer: ApiAnswer } | { readonly failed: RequestFailed };

async function sendOnce(
  { settings, context, recorder }: SendParts,
  request: ApiRequest,
  delivery: Pick<Delivery, 'signal' | 'admit' | 'confirm'>,
  exchanges: Exchange[],
): Promise<Outcome> {
  const sent = await sentForm(settings, request).catch(failFatally);
  await delivery.admit();
  const startedAt = new Date();
  const started = performance.now();
  const record = (outcome: EgressResponse | string): void => {
    exchanges.push(recorder.record(sent, outcome, startedAt, performance.now() - started));
  };
  let response: EgressResponse;
  try {
    response = await context.egress.request({
      method: sent.method,
      url: sent.url,
      headers: { ...sent.headers },
      ...(sent.body !== null && { body: sent.body }),
      timeoutMs: context.timeouts.requestMs,
      bodyBytesMax: request.answerBytesMax ?? bodyBytesMax,
      signal: delivery.signal,
      beforeSend: () => delivery.confirm?.(),
    });
  } catch (thrown) {
    if (thrown instanceof NotAdmitted) throw thrown;
    if (delivery.signal.aborted) {
      record('The run was stopped while the request was on its way.');
    } else if (thrown instanceof Error) record(thrown.message);
    if (!delivery.signal.aborted && !(thrown instanceof EgressFailure || thrown instanceof SluiceError))
      throw thrown;
    return { failed: new RequestFailed(unansweredFailure(thrown, delivery.signal, request.reads === true)) };
  }
  record(response);
  const answer = toAnswer(response);
  const rules = settings.rules ?? {};
  const { meaning, failure } = readMeaning(answer, rules);
  const failed = failureOf(
    { answer, incomplete: response.incomplete, meaning, failure, request },
    { vendor: settings.vendor, rules, redact: recorder.redact },
  );
  return failed ? { failed: new RequestFailed(failed) } : { answer };
}

/** The request with the vendor's address, headers and credentials. */
async function sentForm(settings: ApiSettings, request: ApiRequest): Promise<SentRequest> {
  return {
    method: request.method,
    url: requestUrl(settings.baseUrl, request),
    headers: {
      'User-Agent': 'Sluice',
      Accept: 'application/json',
      ...settings.headers,
      ...(await settings.credentials.headers()),
      ...(request.body && { 'Content-Type': request.body.type }),
      ...request.headers,
    },
    body: request.body?.text ?? null,
  };
}

function toAnswer({ status, headers, body: text }: EgressResponse): ApiAnswer {
  try {
    return { status, headers, text, body: JSON.parse(text) };
  } catch {
    return { status, headers, text, body: undefined };
  }
}

function failFatally(thrown: unknown): never {
  if (thrown instanceof SluiceError) throw new RequestFailed({ kind: 'fatal', error: thrown });
  throw thrown;
}
