import type { ChangeClass } from '@sluice/domain/change';
import type { Row } from '@sluice/domain/column';
import { type HttpServer, startHttpServer } from '@sluice/testing/http-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DestinationWriter } from '../../../kit/destination.ts';
import {
  configurationOf,
  createTestContext,
  deliverOnce,
  recordsOf,
  type TestContext,
} from '../../__tests__/destination-context.ts';
import { httpRequestDestination } from '../definition.ts';
import type { HttpRequestOptionsInput } from '../options.ts';

let server: HttpServer;
let context: TestContext;

beforeEach(async () => {
  server = await startHttpServer();
  context = createTestContext([server.port], { timeouts: { connectMs: 500, requestMs: 400 } });
});

afterEach(async () => {
  await context.close();
  await server.close();
});

function writerOf(
  options: HttpRequestOptionsInput,
  { baseUrl = `${server.url}/api`, triggers = ['added'] as ChangeClass[] } = {},
): Promise<DestinationWriter> {
  const connection = httpRequestDestination.open(
    {
      baseUrl,
      headers: [
        { name: 'Authorization', value: 'Bearer s3cr3t-t0ken', secret: true },
        { name: 'X-Team', value: 'growth', secret: false },
      ],
    },
    context,
  );
  return connection.writer(
    configurationOf({ object: 'request', mode: 'trigger', triggers, options: { ...options } }),
    { 'run-id': 42 },
  );
}

const rowsOf = (...ids: number[]) => ids.map((id) => ({ key: String(id), row: { id } as Row }));

describe('a request', () => {
  it('renders method, URL, headers and body from the row', async () => {
    const writer = await writerOf({
      added: {
        method: 'PUT',
        url: '/people/{{ row.email | url_encode }}?run={{ context.run-id }}',
        headers: [{ name: 'X-Class', value: '{{ context.change-class }}' }],
        body: '{"name": {{ row.name | json }}, "big": {{ row.big | json }}, "tags": {{ row.tags | json }}}',
      },
    });
    const row = { email: 'a b/c@x', name: 'Zoë "Z"\n', big: 9007199254740993n, tags: ['a', null] };
    const { outcomes, exchanges } = await deliverOnce(writer, recordsOf('create', [{ row }]));
    expect(outcomes).toEqual(['delivered']);
    const [request] = server.requests;
    expect(request?.method).toBe('PUT');
    expect(request?.path).toBe('/api/people/a+b%2Fc%40x?run=42');
    expect(request?.body).toBe('{"name": "Zoë \\"Z\\"\\n", "big": 9007199254740993, "tags": ["a",null]}');
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer s3cr3t-t0ken',
      'x-team': 'growth',
      'x-class': 'added',
      'content-type': 'application/json',
    });
    expect(JSON.stringify(exchanges)).not.toContain('s3cr3t-t0ken');
    expect(exchanges[0]?.response?.summary).toBe('200 OK');
  });

  it('sends the row itself without a template, as JSON or as a form', async () => {
    const json = await writerOf({ added: {} });
    await deliverOnce(json, recordsOf('create', [{ row: { id: 1, note: null } }]));
    const form = await writerOf({ added: { bodyType: 'form' } });
    await deliverOnce(form, recordsOf('create', [{ row: { id: 1, note: 'a&b', none: null } }]));
    const bare = await writerOf({ added: { method: 'DELETE', url: '{{ row.id }}', bodyType: 'none' } });
    await deliverOnce(bare, recordsOf('create', [{ row: { id: 1 } }]));
    expect(server.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/api', '{"id":1,"note":null}'],
      ['POST', '/api', 'id=1&note=a%26b&none='],
      ['DELETE', '/api/1', ''],
    ]);
  });

  it('has its own shape for each class', async () => {
    const writer = await writerOf(
      {
        added: { url: 'new' },
        changed: { method: 'PATCH', url: '{{ row.id }}' },
        removed: { method: 'DELETE', url: '{{ row.id }}', bodyType: 'none' },
      },
      { triggers: ['added', 'changed', 'removed'] },
    );
    await deliverOnce(writer, recordsOf('create', rowsOf(1)));
    await deliverOnce(writer, recordsOf('update', rowsOf(2)));
    await deliverOnce(writer, recordsOf('delete', rowsOf(3)));
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/new',
      'PATCH /api/2',
      'DELETE /api/3',
    ]);
  });

  it.each([
    ['//evil.example/{{ row.id }}', 'url_invalid'],
    ['{{ row.id }}\n/x y', 'url_invalid'],
    ['https://evil.example/', 'url_invalid'],
  ])('never leaves the base URL: %s', async (url, code) => {
    const writer = await writerOf({ added: { url } });
    expect((await deliverOnce(writer, recordsOf('create', rowsOf(1)))).outcomes).toEqual([
      `rejected:${code}`,
    ]);
    expect(server.requests).toHaveLength(0);
  });

  it('rejects only the row whose template fails or makes no JSON', async () => {
    const writer = await writerOf({ added: { body: '{"name": "{{ row.name }}"}' }, batchSize: 1 });
    const rows = ['plain', 'with "quotes"', 'fine'].map((name) => ({ row: { name } }));
    const { outcomes, results } = await deliverOnce(writer, recordsOf('create', rows));
    expect(outcomes).toEqual(['delivered', 'rejected:template_invalid_json', 'delivered']);
    expect(results[1]).toMatchObject({ message: expect.stringContaining('{{ row.name | json }}') });
  });

  it('carries the same idempotency key on every try of the same rows', async () => {
    const writer = await writerOf({ added: {}, batchSize: 2 });
    server.handle(() => ({ status: 503 }));
    const records = recordsOf('create', rowsOf(1, 2));
    await deliverOnce(writer, records, 'run-1');
    await deliverOnce(writer, records, 'run-1');
    await deliverOnce(writer, recordsOf('create', rowsOf(1, 3)), 'run-1');
    const keys = server.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^[0-9a-f]{40}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });
});

describe('answers', () => {
  const one = recordsOf('create', rowsOf(1));

  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [400, 'rejected:http_400'],
    [404, 'rejected:http_404'],
    [302, 'rejected:http_302'],
    [408, 'retry:http_408'],
    [429, 'retry:http_429'],
    [500, 'retry:http_500'],
    [503, 'retry:http_503'],
  ])('reads %i as %s', async (status, outcome) => {
    const writer = await writerOf({ added: {} });
    server.handle(() => ({
      status,
      body: status === 204 ? undefined : { error: { message: 'their words' } },
    }));
    const { outcomes, results } = await deliverOnce(writer, one);
    expect(outcomes).toEqual([outcome]);
    if (status === 400) expect(results[0]).toMatchObject({ message: 'HTTP 400: their words' });
  });

  it('lets the sync say what a status means', async () => {
    const writer = await writerOf({
      added: {},
      answers: { delivered: ['2xx', '409'], rejected: ['202', '403'], retry: ['404', '5xx'] },
    });
    const outcomes: string[] = [];
    for (const status of [409, 202, 403, 404]) {
      server.handle(() => ({ status }));
      outcomes.push(...(await deliverOnce(writer, one)).outcomes);
    }
    expect(outcomes).toEqual(['delivered', 'rejected:http_202', 'rejected:http_403', 'retry:http_404']);
  });

  it.each([
    ['7', 7000],
    ['86400', 900_000],
    ['-5', undefined],
    ['soon', undefined],
    [new Date(Date.now() + 60_000).toUTCString(), 60_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    [undefined, undefined],
  ])('waits as Retry-After asks: %s', async (header, afterMs) => {
    const writer = await writerOf({ added: {} });
    server.handle(() => ({
      status: 429,
      ...(header !== undefined && { headers: { 'Retry-After': header } }),
    }));
    const { results } = await deliverOnce(writer, one);
    const [result] = results;
    const found = result?.status === 'retry' ? result.afterMs : null;
    if (afterMs === 60_000) expect(Math.abs((found ?? 0) - afterMs)).toBeLessThan(10_000);
    else expect(found).toBe(afterMs);
  });

  it.each([
    ['reset', 'uncertain:connection_lost'],
    ['hang', 'uncertain:request_timeout'],
    ['cut', 'uncertain:answer_incomplete'],
    ['drip', 'uncertain:answer_incomplete'],
  ] as const)('does not guess when the connection fails: %s', async (fault, outcome) => {
    const writer = await writerOf({ added: {} });
    server.handle(() => ({ fault, body: '{"ok":' }));
    expect((await deliverOnce(writer, one)).outcomes).toEqual([outcome]);
  });

  it('tries again when the server was never reached', async () => {
    const writer = await writerOf({ added: {} });
    await server.close();
    expect((await deliverOnce(writer, one)).outcomes).toEqual(['retry:destination_unreachable']);
    server = await startHttpServer();
  });

  it('marks server errors that may come after the work', async () => {
    const writer = await writerOf({ added: {} });
    server.handle(({ number }) => ({ status: number === 1 ? 500 : 503 }));
    expect((await deliverOnce(writer, one)).results[0]).toMatchObject({ status: 'retry', inDoubt: true });
    expect((await deliverOnce(writer, one)).results[0]).not.toHaveProperty('inDoubt');
  });

  it.each([
    [401, 'destination_auth'],
    [403, 'destination_permission'],
  ])('stops the run at %i after one request, however many are waiting', async (status, code) => {
    const writer = await writerOf({ added: {} });
    server.handle(() => ({ status, body: 'token s3cr3t-t0ken is expired' }));
    const sends = await Promise.allSettled([1, 2, 3, 4, 5].map(() => deliverOnce(writer, one)));
    for (const send of sends) {
      expect(send).toMatchObject({ status: 'rejected', reason: { code } });
      expect(String(send.status === 'rejected' && send.reason)).not.toContain('s3cr3t');
    }
    expect(server.requests).toHaveLength(1);
  });

  it('refuses addresses that are not allowed', async () => {
    const writer = await writerOf({ added: {} }, { baseUrl: 'http://169.254.169.254/latest' });
    await expect(deliverOnce(writer, one)).rejects.toMatchObject({ code: 'egress_refused' });
  });
});

describe('batches', () => {
  const rows = (count: number) => rowsOf(...Array.from({ length: count }, (_, index) => index));

  it('puts rows into one request, with a loop or without a template', async () => {
    const writer = await writerOf({
      added: {
        body: '[{% for row in rows %}{"id": {{ row.id | json }}}{% unless forloop.last %},{% endunless %}{% endfor %}]',
      },
      batchSize: 3,
    });
    await deliverOnce(writer, recordsOf('create', rows(4)));
    const plain = await writerOf({ added: {}, batchSize: 3 });
    await deliverOnce(plain, recordsOf('create', rows(1)));
    expect(server.requests.map((request) => request.json())).toEqual([
      [{ id: 0 }, { id: 1 }, { id: 2 }],
      [{ id: 3 }],
      { rows: [{ id: 0 }] },
    ]);
  });

  it('halves a refused batch until the guilty rows stand alone', async () => {
    const applied: number[] = [];
    server.handle((request) => {
      const ids = request.json<{ rows: { id: number }[] }>().rows.map(({ id }) => id);
      if (ids.includes(13) || ids.includes(77)) return { status: 422, body: { message: 'bad row inside' } };
      applied.push(...ids);
      return { status: 200 };
    });
    const writer = await writerOf({ added: {}, batchSize: 100 });
    const { outcomes } = await deliverOnce(writer, recordsOf('create', rows(100)));
    expect(outcomes.flatMap((outcome, index) => (outcome === 'delivered' ? [] : [[index, outcome]]))).toEqual(
      [
        [13, 'rejected:http_422'],
        [77, 'rejected:http_422'],
      ],
    );
    expect(applied).toHaveLength(98);
    expect(new Set(applied).size).toBe(98);
    expect(server.requests.length).toBeLessThanOrEqual(1 + 2 * 7 * 2);
  });

  it('stops splitting at a 429 and gives every row that is left its wait', async () => {
    server.handle(({ number }) =>
      number === 1 ? { status: 413 } : { status: 429, headers: { 'retry-after': '2' } },
    );
    const writer = await writerOf({ added: {}, batchSize: 10 });
    const { results } = await deliverOnce(writer, recordsOf('create', rows(10)));
    expect(results.every((one) => one.status === 'retry' && one.afterMs === 2000)).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  it('keeps what was applied when the credentials end in the middle of a batch', async () => {
    server.handle(({ number }) => ({ status: [422, 200, 401][number - 1] ?? 401 }));
    const writer = await writerOf({ added: {}, batchSize: 2 });
    const { outcomes } = await deliverOnce(writer, recordsOf('create', rows(2)));
    expect(outcomes).toEqual(['delivered', 'retry:destination_auth']);
    await expect(deliverOnce(writer, recordsOf('create', rows(2)))).rejects.toMatchObject({
      code: 'destination_auth',
    });
  });

  it('rejects the one row whose template fails', async () => {
    const writer = await writerOf({
      added: { body: '{% for row in rows %}{{ row.data.text | json }}{% endfor %}', bodyType: 'text' },
      batchSize: 4,
    });
    const records = recordsOf(
      'create',
      [1, 2, 3].map((id) => ({ row: (id === 2 ? { other: 1 } : { data: { text: String(id) } }) as Row })),
    );
    expect((await deliverOnce(writer, records)).outcomes).toEqual([
      'delivered',
      'rejected:template_invalid',
      'delivered',
    ]);
  });

  it('keeps to its requests per second, also while splitting', async () => {
    server.handle((request) => ({ status: request.body.includes('1') ? 400 : 200 }));
    const writer = await writerOf({ added: {}, batchSize: 4, requestsPerSecond: 50 });
    await deliverOnce(writer, recordsOf('create', rows(4)));
    const times = server.requests.map(({ atMs }) => atMs);
    expect(times.length).toBe(5);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(4 * 20 * 0.8);
  });

  it('answers for every record of batches of any size', async () => {
    const writer = await writerOf({ added: {}, batchSize: 10 });
    for (const size of [0, 1, 10, 11]) {
      expect((await deliverOnce(writer, recordsOf('create', rows(size)))).outcomes).toEqual(
        Array.from({ length: size }, () => 'delivered'),
      );
    }
  });

  it('stops before the next request when the run is cancelled', async () => {
    const controller = new AbortController();
    server.handle(() => {
      controller.abort('cancelled');
      return { fault: 'hang' };
    });
    const writer = await writerOf({ added: {}, batchSize: 1 });
    const result = await writer.deliver(recordsOf('create', rows(3)), {
      signal: controller.signal,
      idempotencyKey: 'k',
    });
    expect(result.results.map(({ status }) => status)).toEqual(['uncertain', 'retry', 'retry']);
    expect(server.requests).toHaveLength(1);
  });

  it('shows requests without sending them', async () => {
    const writer = await writerOf({ added: { url: '/bulk' }, batchSize: 5 });
    const [view] = await writer.preview(recordsOf('create', rows(2)));
    expect(view).toMatchObject({
      summary: `POST ${server.url}/api/bulk`,
      body: '{"rows":[{"id":0},{"id":1}]}',
    });
    expect(JSON.stringify(view)).not.toContain('s3cr3t');
    expect(server.requests).toHaveLength(0);
  });
});

describe('results for single rows', () => {
  const records = recordsOf('create', rowsOf(10, 11, 12));
  const byIndex = {
    path: 'results',
    statusField: 'status',
    failedValues: ['4xx', 'error'],
    messageField: 'error.message',
  };

  async function outcomesOf(rowResults: HttpRequestOptionsInput['rowResults'], body: unknown, status = 207) {
    const writer = await writerOf({ added: {}, batchSize: 10, rowResults });
    server.handle(() => ({ status, body }));
    return deliverOnce(writer, records);
  }

  it('reads them by position', async () => {
    const { outcomes, results } = await outcomesOf(byIndex, {
      results: [{ status: 201 }, { status: 422, error: { message: 'no e-mail' } }, { status: 'ok' }],
    });
    expect(outcomes).toEqual(['delivered', 'rejected:row_422', 'delivered']);
    expect(results[1]).toMatchObject({ message: 'no e-mail' });
  });

  it('reads them by key, in any order, also when only failures are listed', async () => {
    const rules = {
      path: 'errors',
      by: 'key' as const,
      keyField: 'id',
      messageField: 'why',
      failuresOnly: true,
    };
    const { outcomes } = await outcomesOf(rules, {
      ok: false,
      errors: [
        { id: 12, why: 'x' },
        { id: '10', why: 'y' },
      ],
    });
    expect(outcomes).toEqual(['rejected:row_refused', 'delivered', 'rejected:row_refused']);
    expect((await outcomesOf(rules, { ok: true })).outcomes).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it('reads an error field, and positions named by the answer', async () => {
    const byError = await outcomesOf({ errorField: 'error' }, [{ error: null }, { error: 'bad' }, {}], 200);
    expect(byError.outcomes).toEqual(['delivered', 'rejected:row_refused', 'delivered']);
    const named = await outcomesOf(
      { path: 'failed', failuresOnly: true, indexField: 'index', messageField: 'reason' },
      { failed: [{ index: 2, reason: 'late' }] },
    );
    expect(named.outcomes).toEqual(['delivered', 'delivered', 'rejected:row_refused']);
  });

  it.each([
    ['HTML', '<html><title>Gateway</title></html>', 'answer_unreadable'],
    ['nothing', '', 'answer_unreadable'],
    ['null', 'null', 'answer_unreadable'],
    ['another shape', { results: 'ok' }, 'answer_unreadable'],
    ['too few', { results: [{ status: 200 }] }, 'answer_incomplete'],
    ['a polluted object', '{"__proto__":{"results":[]},"constructor":1}', 'answer_unreadable'],
  ])('takes nothing for granted from %s', async (_, body, code) => {
    const { outcomes } = await outcomesOf(byIndex, body, 200);
    expect(outcomes).toEqual([`uncertain:${code}`, `uncertain:${code}`, `uncertain:${code}`]);
  });

  it('is uncertain about rows that the answer forgets or does not know', async () => {
    const rules = {
      path: '',
      by: 'key' as const,
      keyField: 'id',
      statusField: 'state',
      failedValues: ['failed'],
    };
    const { outcomes } = await outcomesOf(rules, [{ id: 10, state: 'done' }, { id: 11 }], 200);
    expect(outcomes).toEqual(['delivered', 'uncertain:answer_incomplete', 'uncertain:answer_incomplete']);
    const foreign = await outcomesOf(rules, [{ id: 99, state: 'failed' }], 200);
    expect(foreign.outcomes[0]).toBe('uncertain:answer_unreadable');
  });

  it('survives an absurdly deep answer', async () => {
    const { outcomes } = await outcomesOf(byIndex, '['.repeat(100_000) + ']'.repeat(100_000), 200);
    expect(outcomes[0]).toBe('uncertain:answer_unreadable');
  });
});
