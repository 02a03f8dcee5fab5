import { setTimeout as sleep } from 'node:timers/promises';
import { SluiceError } from '@sluice/domain/error';
import { z } from 'zod';
import type { Settings } from '../settings.ts';
import { apiError } from './api-error.ts';

type Query = Readonly<Record<string, string | number | undefined>>;

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: Query;
  /** Sent as JSON; a file as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether a request whose answer was lost may be sent again: yes for reads, else only when said so. */
  readonly repeatable?: boolean;
}

/** The REST API. Answers are checked against a schema; refusals throw the error that the server named. */
export interface ApiClient {
  send<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    request?: ApiRequest,
  ): Promise<z.infer<Schema>>;
  /** All pages of a list, or the first `most` entries. */
  list<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    options?: { query?: Query; most?: number },
  ): Promise<z.infer<Schema>[]>;
  /** The same for lists that grow while they are read, one entry after the other. */
  follow<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    query?: Query,
  ): AsyncGenerator<z.infer<Schema>>;
}

/**
 * Opens the API. Every request waits out a rate limit; repeatable ones are tried up to four times when the server
 * cannot be reached, is busy or fails. Throws `server_unreachable`, and what the server says.
 */
export function openApi(settings: Settings): ApiClient {
  const client: ApiClient = {
    async send(schema, path, request = {}) {
      const answer = await sendWithRetries(settings, path, request);
      const parsed = schema.safeParse(answer);
      if (parsed.success) return parsed.data;
      throw notSluice(settings, `its answer to ${path} has another form (${z.prettifyError(parsed.error)})`);
    },
    async list(schema, path, { query = {}, most = Number.POSITIVE_INFINITY } = {}) {
      const page = z.object({ data: z.array(schema), hasMore: z.boolean() });
      const items: z.infer<typeof schema>[] = [];
      for (;;) {
        const limit = Math.min(most - items.length, pageSize);
        const { data, hasMore } = await client.send(page, path, {
          query: { ...query, limit, offset: items.length },
        });
        items.push(...data);
        if (!hasMore || data.length === 0 || items.length >= most) return items;
      }
    },
    async *follow(schema, path, query = {}) {
      const page = z.object({
        data: z.array(schema),
        hasMore: z.boolean(),
        nextCursor: z.string().nullable(),
      });
      for (let cursor: string | undefined; ; ) {
        const { data, hasMore, nextCursor } = await client.send(page, path, {
          query: { ...query, limit: 100, cursor },
        });
        yield* data;
        if (!hasMore || nextCursor === null) return;
        cursor = nextCursor;
      }
    },
  };
  return client;
}

const pageSize = 1_000;
const attemptsMax = 4;
/** Creating a model runs its query; reads answer at once. */
const timeoutMs = { read: 30_000, write: 180_000 };

async function sendWithRetries(settings: Settings, path: string, request: ApiRequest): Promise<unknown> {
  const repeatable = request.repeatable ?? (request.method ?? 'GET') === 'GET';
  for (let attempt = 1; ; attempt += 1) {
    const answer = await sendOnce(settings, path, request);
    if ('value' in answer) return answer.value;
    const again = answer.untouched || (repeatable && answer.passing);
    if (!again || attempt === attemptsMax) throw answer.error;
    await sleep(answer.waitMs ?? 500 * 2 ** (attempt - 1));
  }
}

type Answer =
  | { readonly value: unknown }
  | {
      readonly error: SluiceError;
      /** The server did nothing with the request. */
      readonly untouched: boolean;
      /** The reason may be gone in a moment. */
      readonly passing: boolean;
      readonly waitMs?: number;
    };

async function sendOnce(settings: Settings, path: string, request: ApiRequest): Promise<Answer> {
  const { method = 'GET', query = {}, body, headers = {} } = request;
  const url = new URL(`${settings.url}${path}`);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value));
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      // A token must not follow a redirect to somewhere else.
      redirect: 'manual',
      signal: AbortSignal.timeout(method === 'GET' ? timeoutMs.read : timeoutMs.write),
      headers: {
        authorization: `Bearer ${settings.token}`,
        accept: 'application/json',
        'user-agent': 'sluice-cli',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: body instanceof Blob ? body : JSON.stringify(body) }),
    });
    text = await response.text();
  } catch (cause) {
    return { error: unreachable(settings, cause), untouched: false, passing: true };
  }
  const value = jsonOf(text);
  if (response.ok && value !== undefined) return { value };
  const passing = [500, 502, 503, 504].includes(response.status);
  const error = apiError(value) ?? notSluice(settings, `it answered ${response.status} to ${method} ${path}`);
  const limited = response.status === 429 && error.code === 'rate_limited';
  return { error, untouched: limited, passing, ...(limited && { waitMs: retryAfterMs(response) }) };
}

/** The JSON of an answer, `null` for an empty one, `undefined` for anything else. */
function jsonOf(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('retry-after'));
  return Math.min(Math.max(Number.isFinite(seconds) ? seconds : 1, 1), 60) * 1_000;
}

function unreachable(settings: Settings, cause: unknown): SluiceError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const reason = inner instanceof Error ? inner.message || inner.name : 'unknown';
  return new SluiceError(
    'server_unreachable',
    `Sluice did not answer at ${new URL(settings.url).origin}: ${reason}`,
    {
      cause,
    },
  );
}

const notSluice = (settings: Settings, what: string): SluiceError =>
  new SluiceError('server_unreachable', `What answers at ${settings.url} is not the API of Sluice: ${what}.`);
