import assert from 'node:assert/strict';
import type { RawAnswer, SendRaw } from '../raw-http.ts';

/** A server that clients are replayed against, with a sync of three rows made over its API. */
export interface ReplayTarget {
  /** Sends what a client sends, with its own headers. */
  readonly send: SendRaw;
  /** The whole header: `Bearer slc_…`. */
  readonly bearer: string;
  /** Reads as most clients do: the token and nothing besides. */
  get(path: string): Promise<RawAnswer>;
  /** Sends JSON as the SDKs do. */
  sendJson(method: string, path: string, body: object): Promise<RawAnswer>;
  readonly sync: { readonly id: number; readonly slug: string };
  readonly destinationId: number;
  readonly otherDestinationId: number;
  /**
   * `configuration` of a PostgreSQL source whose table `public.people` (id, email, last_run, note) has ids 1 to 3 among
   * others, and may be written.
   */
  readonly database: Readonly<Record<string, unknown>>;
}

/** One client, as a test: throws when an answer is not what it reads. */
export interface ClientReplay {
  readonly name: string;
  replay(target: ReplayTarget): Promise<void>;
}

/** Syncs of `POST /rows`, one request for a row. */
export const replayConfiguration = {
  object: 'request',
  mode: 'trigger',
  triggers: ['added'],
  options: {
    added: { method: 'POST', url: '/rows', body: '{"id": {{ row.id }}, "email": "{{ row.email }}"}' },
  },
};

export const replayQuery = 'select id, email from public.people where id <= 3';

/**
 * Makes a source, a model, two destinations and a sync over the API, as an SDK does. `token` needs the scope write;
 * `endpoint` is a server that takes rows.
 */
export async function openReplay(
  send: SendRaw,
  options: {
    token: string;
    database: Readonly<Record<string, unknown>>;
    endpoint: string;
    /** Name of everything that is made. */
    prefix?: string;
  },
): Promise<ReplayTarget> {
  const { prefix: name = 'replay' } = options;
  const bearer = `Bearer ${options.token}`;
  const sendJson: ReplayTarget['sendJson'] = (method, path, body) =>
    send(method, path, {
      headers: { authorization: bearer, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const make = async (noun: string, body: object): Promise<{ id: number; slug: string }> => {
    const made = await sendJson('POST', `/api/v1/${noun}`, body);
    assert.equal(made.status, 200, made.text);
    return made.json;
  };
  const source = await make('sources', {
    name,
    slug: name,
    type: 'postgresql',
    configuration: options.database,
  });
  const model = await make('models', {
    name,
    slug: name,
    sourceId: source.id,
    queryType: 'raw_sql',
    primaryKey: 'id',
    raw: { sql: replayQuery },
  });
  const connection = { type: 'http-request', configuration: { baseUrl: options.endpoint, headers: [] } };
  const destination = await make('destinations', { name, slug: name, ...connection });
  const other = await make('destinations', { name: `${name}-other`, slug: `${name}-other`, ...connection });
  const sync = await make('syncs', {
    slug: `${name}-sync`,
    modelId: model.id,
    destinationId: destination.id,
    configuration: replayConfiguration,
    schedule: null,
    disabled: false,
  });
  return {
    send,
    bearer,
    get: (path) => send('GET', path, { headers: { authorization: bearer } }),
    sendJson,
    sync,
    destinationId: destination.id,
    otherDestinationId: other.id,
    database: options.database,
  };
}

/** Words that end a poll of every client, and words that go on. */
export const endedWords = ['cancelled', 'failed', 'success', 'warning', 'interrupted'];
export const knownWords = [...endedWords, 'queued', 'querying', 'processing', 'reporting'];
