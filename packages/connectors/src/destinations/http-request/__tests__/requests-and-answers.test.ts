import { startHttpServer } from '@sluice/testing/http-server';
import { describe, expect, it } from 'vitest';
import { NotAdmitted } from '../../../kit/destination.ts';
import { deliverOnce, recordsOf } from '../../__tests__/destination-context.ts';
import { rowsOf, useHttpDestination } from './use-http-destination.ts';

const http = useHttpDestination();

describe('a request', () => {
  it('renders method, URL, headers and body from the row', async () => {
    const writer = await http.writerOf({
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
    const [request] = http.server.requests;
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
    const json = await http.writerOf({ added: {} });
    await deliverOnce(json, recordsOf('create', [{ row: { id: 1, note: null } }]));
    const form = await http.writerOf({ added: { bodyType: 'form' } });
    await deliverOnce(form, recordsOf('create', [{ row: { id: 1, note: 'a&b', none: null } }]));
    const bare = await http.writerOf({ added: { method: 'DELETE', url: '{{ row.id }}', bodyType: 'none' } });
    await deliverOnce(bare, recordsOf('create', [{ row: { id: 1 } }]));
    expect(http.server.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/api', '{"id":1,"note":null}'],
      ['POST', '/api', 'id=1&note=a%26b&none='],
      ['DELETE', '/api/1', ''],
    ]);
  });

  it('has its own shape for each class', async () => {
    const writer = await http.writerOf(
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
    expect(http.server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
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
    const writer = await http.writerOf({ added: { url } });
    expect((await deliverOnce(writer, recordsOf('create', rowsOf(1)))).outcomes).toEqual([
      `rejected:${code}`,
    ]);
    expect(http.server.requests).toHaveLength(0);
  });

  it('rejects only the row whose template fails or makes no JSON', async () => {
    const writer = await http.writerOf({ added: { body: '{"name": "{{ row.name }}"}' }, batchSize: 1 });
    const rows = ['plain', 'with "quotes"', 'fine'].map((name) => ({ row: { name } }));
    const { outcomes, results } = await deliverOnce(writer, recordsOf('create', rows));
    expect(outcomes).toEqual(['delivered', 'rejected:template_invalid_json', 'delivered']);
    expect(results[1]).toMatchObject({ message: expect.stringContaining('{{ row.name | json }}') });
  });

  it('sends nothing when the run stops while the request waits for its connection', async () => {
    const writer = await http.writerOf({ added: {}, batchSize: 2 });
    const confirm = () => {
      throw new NotAdmitted();
    };
    const { outcomes, exchanges } = await deliverOnce(writer, recordsOf('create', rowsOf(1, 2)), { confirm });
    expect(outcomes).toEqual(['retry:not_sent', 'retry:not_sent']);
    expect(exchanges).toEqual([]);
    expect(http.server.requests).toEqual([]);
  });

  it('carries the same idempotency key on every try of the same rows', async () => {
    const writer = await http.writerOf({ added: {}, batchSize: 2 });
    http.server.handle(() => ({ status: 503 }));
    const records = recordsOf('create', rowsOf(1, 2));
    await deliverOnce(writer, records, { idempotencyKey: 'run-1' });
    await deliverOnce(writer, records, { idempotencyKey: 'run-1' });
    await deliverOnce(writer, recordsOf('create', rowsOf(1, 3)), { idempotencyKey: 'run-1' });
    const keys = http.server.requests.map(({ headers }) => headers['idempotency-key']);
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
    const writer = await http.writerOf({ added: {} });
    http.server.handle(() => ({
      status,
      body: status === 204 ? undefined : { error: { message: 'their words' } },
    }));
    const { outcomes, results } = await deliverOnce(writer, one);
    expect(outcomes).toEqual([outcome]);
    if (status === 400) expect(results[0]).toMatchObject({ message: 'HTTP 400: their words' });
  });

  it('lets the sync say what a status means', async () => {
    const writer = await http.writerOf({
      added: {},
      answers: { delivered: ['2xx', '409'], rejected: ['202', '403'], retry: ['404', '5xx'] },
    });
    const outcomes: string[] = [];
    for (const status of [409, 202, 403, 404]) {
      http.server.handle(() => ({ status }));
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
    const writer = await http.writerOf({ added: {} });
    http.server.handle(() => ({
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
    const writer = await http.writerOf({ added: {} });
    http.server.handle(() => ({ fault, body: '{"ok":' }));
    expect((await deliverOnce(writer, one)).outcomes).toEqual([outcome]);
  });

  it('tries again when the server was never reached', async () => {
    const writer = await http.writerOf({ added: {} });
    await http.server.close();
    expect((await deliverOnce(writer, one)).outcomes).toEqual(['retry:destination_unreachable']);
    http.server = await startHttpServer();
  });

  it('marks server errors that may come after the work', async () => {
    const writer = await http.writerOf({ added: {} });
    http.server.handle(({ number }) => ({ status: number === 1 ? 500 : 503 }));
    expect((await deliverOnce(writer, one)).results[0]).toMatchObject({ status: 'retry', inDoubt: true });
    expect((await deliverOnce(writer, one)).results[0]).not.toHaveProperty('inDoubt');
  });

  it.each([
    [401, 'destination_auth'],
    [403, 'destination_permission'],
  ])('stops the run at %i after one request, however many are waiting', async (status, code) => {
    const writer = await http.writerOf({ added: {} });
    http.server.handle(() => ({ status, body: 'token s3cr3t-t0ken is expired' }));
    const sends = await Promise.allSettled([1, 2, 3, 4, 5].map(() => deliverOnce(writer, one)));
    for (const send of sends) {
      expect(send).toMatchObject({ status: 'rejected', reason: { code } });
      expect(String(send.status === 'rejected' && send.reason)).not.toContain('s3cr3t');
    }
    expect(http.server.requests).toHaveLength(1);
  });

  it('refuses addresses that are not allowed', async () => {
    const writer = await http.writerOf({ added: {} }, { baseUrl: 'http://169.254.169.254/latest' });
    await expect(deliverOnce(writer, one)).rejects.toMatchObject({ code: 'egress_refused' });
  });
});
