import { SluiceError } from '@sluice/domain/error';
import { z } from 'zod';
import { throwIfAborted, untilAborted } from '../../kit/aborted.ts';
import type { ConnectContext, EgressResponse } from '../../kit/context.ts';
import { EgressFailure } from '../../kit/egress-failure.ts';
import { pause } from '../../kit/pause.ts';
import { retryAfterMs } from '../../kit/retry-after.ts';
import { databricksAccess } from './access.ts';
import type { DatabricksSettings } from './configuration.ts';
import { databricksError, unreachable } from './error.ts';

/** The workspace's REST API. */
export interface DatabricksClient {
  /** Sees once that the workspace answers and lets us in. Throws like `call`. */
  signIn(): Promise<void>;
  /**
   * Sends a request and answers the JSON. Throws `source_*` and `query_*` codes, and the reason of the signal when it aborts;
   * `signal` is the context's unless given.
   */
  call(method: 'GET' | 'POST', path: string, options?: CallOptions): Promise<unknown>;
}

interface CallOptions {
  readonly body?: object;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** Pauses before a busy service is asked again. */
const pausesMs = [500, 1_000, 2_000, 4_000];
const pauseMaxMs = 30_000;
const bodyBytesMax = 5 * 1024 * 1024;

export function createDatabricksClient(
  settings: DatabricksSettings,
  context: ConnectContext,
): DatabricksClient {
  const access = databricksAccess(settings, context);
  const defaultMs = Math.max(context.timeouts.requestMs, answerMs * 2);
  let signedIn: Promise<unknown> | null = null;
  const send = (
    method: string,
    path: string,
    token: string,
    { body, signal, timeoutMs }: Required<CallOptions>,
  ) =>
    context.egress.request({
      method,
      url: new URL(path, settings.url).href,
      headers: {
        Accept: 'application/json',
        Authorization: `Bearer ${token}`,
        'User-Agent': 'Sluice',
        ...(method === 'POST' && { 'Content-Type': 'application/json' }),
      },
      ...(method === 'POST' && { body: JSON.stringify(body) }),
      timeoutMs,
      bodyBytesMax,
      signal,
    });
  const client: DatabricksClient = {
    async signIn() {
      signedIn ??= client.call('GET', mePath, { timeoutMs: context.timeouts.connectMs });
      signedIn.catch(() => {
        signedIn = null;
      });
      await untilAborted(signedIn, context.signal);
    },
    async call(method, path, { body = {}, signal = context.signal, timeoutMs = defaultMs } = {}) {
      let renewed = false;
      for (let attempt = 0; ; ) {
        throwIfAborted(signal);
        const token = await access.token();
        const answer = await send(method, path, token, { body, signal, timeoutMs }).catch(
          (thrown: unknown) => {
            if (thrown instanceof EgressFailure) return thrown;
            throw thrown;
          },
        );
        if (!(answer instanceof EgressFailure) && answer.status === 401 && !renewed) {
          renewed = true;
          await access.renew(token);
          continue;
        }
        const pauseMs = pausesMs[attempt];
        if (pauseMs !== undefined && mayRepeat(method, answer)) {
          attempt += 1;
          await pause(askedPause(answer) ?? pauseMs * (1 + Math.random() / 2), signal);
          continue;
        }
        if (answer instanceof EgressFailure) throw unreachable(settings, answer);
        return read(answer, settings);
      }
    },
  };
  return client;
}

/** Anybody who is let in at all may ask who they are. */
const mePath = '/api/2.0/preview/scim/v2/Me';

/** How long the service is asked to hold back an answer while a statement runs. */
export const answerMs = 10_000;

/** A request to run something is repeated only where it certainly ran nothing. */
function mayRepeat(method: string, answer: EgressResponse | EgressFailure): boolean {
  // A connection that never came about is said at once.
  if (answer instanceof EgressFailure) return answer.sent && method === 'GET' && answer.stage !== 'timeout';
  return answer.status === 429 || answer.status === 503 || (method === 'GET' && answer.status >= 500);
}

const askedPause = (answer: EgressResponse | EgressFailure): number | undefined =>
  answer instanceof EgressFailure
    ? undefined
    : retryAfterMs(answer.headers['retry-after'], Date.now(), pauseMaxMs);

const ErrorBody = z.object({ error_code: z.string().default(''), message: z.string().default('') });

function read(answer: EgressResponse, settings: DatabricksSettings): unknown {
  const body = parseJson(answer.body);
  if (answer.status >= 200 && answer.status < 300 && !answer.incomplete && body !== null) return body;
  if (answer.status < 400) throw new SluiceError('source_failed', 'Databricks gave an answer that is none.');
  const { error_code: code, message } = ErrorBody.safeParse(body).data ?? { error_code: '', message: '' };
  throw databricksError({ status: answer.status, code, message }, settings);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
