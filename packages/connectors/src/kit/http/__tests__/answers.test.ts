import { type HttpHandler, type HttpServer, startHttpServer } from '@sluice/testing/http-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createTestContext,
  freely,
  type TestContext,
} from '../../../destinations/__tests__/destination-context.ts';
import type { AnswerRules } from '../answer-rules.ts';
import { createApiClient } from '../api-client.ts';
import type { ApiRequest } from '../api-request.ts';
import { type ApiCredentials, bearer } from '../credentials.ts';
import { RequestFailed, type RequestFailure } from '../request-failed.ts';

let server: HttpServer;
let context: TestContext;
beforeEach(async () => {
  server = await startHttpServer();
  context = createTestContext([server.port], { timeouts: { connectMs: 500, requestMs: 300 } });
});
afterEach(async () => {
  await context.close();
  await server.close();
});

const client = (rules: AnswerRules = {}, credentials: ApiCredentials = bearer('token-0123456789')) =>
  createApiClient({ vendor: 'Acme', baseUrl: new URL(`${server.url}/base/`), credentials, rules }, context);

async function failureOf(
  answer: ReturnType<HttpHandler>,
  rules: AnswerRules = {},
  request: Partial<ApiRequest> = {},
): Promise<RequestFailure | null> {
  server.handle(() => answer);
  try {
    await client(rules)
      .session(freely)
      .send({ method: 'POST', path: '/x', ...request });
    return null;
  } catch (thrown) {
    if (thrown instanceof RequestFailed) return thrown.failure;
    throw thrown;
  }
}
const rows = (status: string, code: string, more: object = {}) => ({
  kind: 'rows',
  result: { status, code, ...more },
});

describe('an answer', () => {
  it.each([
    [408, rows('retry', 'http_408')],
    [429, rows('retry', 'http_429')],
    [503, rows('retry', 'http_503')],
    [500, rows('retry', 'http_500', { inDoubt: true })],
    [400, { kind: 'refused', code: 'http_400' }],
    [404, { kind: 'refused', code: 'http_404' }],
    [413, { kind: 'refused', code: 'http_413' }],
    [401, { kind: 'fatal', error: { code: 'destination_auth' } }],
    [403, { kind: 'fatal', error: { code: 'destination_permission' } }],
    [302, { kind: 'fatal', error: { code: 'destination_failed' } }],
  ])('%i means what HTTP says', async (status, expected) => {
    expect(await failureOf({ status, body: {} })).toMatchObject(expected);
  });

  it('503 leaves no doubt behind, and neither does a request that only reads', async () => {
    expect(await failureOf({ status: 503, body: {} })).not.toHaveProperty('result.inDoubt');
    expect(await failureOf({ status: 500, body: {} }, {}, { reads: true })).not.toHaveProperty(
      'result.inDoubt',
    );
    expect(await failureOf({ fault: 'reset' }, {}, { reads: true })).toMatchObject(
      rows('retry', 'connection_lost'),
    );
  });

  it.each([
    ['HTML', { body: '<!doctype html><html></html>' }, 'answer_unreadable'],
    ['nothing', {}, 'answer_unreadable'],
    ['half of it', { body: { ok: true }, fault: 'cut' as const }, 'answer_incomplete'],
    ['no answer', { fault: 'hang' as const }, 'request_timeout'],
    ['a broken line', { fault: 'reset' as const }, 'connection_lost'],
  ])('of %s leaves the rows in doubt', async (_, answer, code) => {
    expect(await failureOf(answer)).toMatchObject(rows('uncertain', code));
  });

  it('without a body is good where none is wanted, but a web page never is', async () => {
    expect(await failureOf({ status: 204 }, {}, { answer: 'nothing' })).toBeNull();
    expect(await failureOf({ body: 'OK' }, {}, { answer: 'text' })).toBeNull();
    expect(await failureOf({ body: '<html>' }, {}, { answer: 'nothing' })).toMatchObject(
      rows('uncertain', 'answer_unreadable'),
    );
  });

  it('is read by the vendor’s own codes first, then an exact status, then a hundred', async () => {
    const rules: AnswerRules = {
      statuses: { '4xx': 'retry', '409': 'refused' },
      codes: { later: 'retry' },
      failureIn: ({ body }) =>
        (body as { code?: string })?.code
          ? { code: (body as { code: string }).code, message: 'Their words' }
          : null,
    };
    expect(await failureOf({ status: 409, body: { code: 'later' } }, rules)).toMatchObject(
      rows('retry', 'later'),
    );
    expect(await failureOf({ status: 409, body: {} }, rules)).toMatchObject({ kind: 'refused' });
    expect(await failureOf({ status: 418, body: {} }, rules)).toMatchObject(rows('retry', 'http_418'));
    expect(await failureOf({ status: 200, body: { code: 'odd' } }, rules)).toMatchObject({
      kind: 'refused',
      code: 'odd',
      message: 'Acme: Their words',
    });
    // A status of its own beats a hundred of the vendor's: 401 is never taken for something to try again.
    expect(await failureOf({ status: 401, body: {} }, rules)).toMatchObject({ kind: 'fatal' });
  });
});

describe('a pause', () => {
  const at = (headers: Record<string, string>, rules: AnswerRules = {}) =>
    failureOf({ status: 429, headers, body: {} }, rules);
  const seconds = (ahead: number) => String(Math.round(Date.now() / 1000) + ahead);

  it('is what Retry-After asks for, in seconds or as a date', async () => {
    expect(await at({ 'retry-after': '7' })).toMatchObject({ result: { afterMs: 7000 } });
    const date = await at({ 'retry-after': new Date(Date.now() + 60_000).toUTCString() });
    expect((date as { result: { afterMs: number } }).result.afterMs).toBeGreaterThan(55_000);
  });

  it('is what the vendor’s own header says, where it says so', async () => {
    const rules: AnswerRules = { resetHeaders: [{ name: 'x-reset', unit: 'epoch_seconds' }] };
    const reset = await at({ 'x-reset': seconds(30) }, rules);
    const { afterMs } = (reset as { result: { afterMs: number } }).result;
    expect(afterMs).toBeGreaterThan(27_000);
    expect(afterMs).toBeLessThanOrEqual(31_000);
    expect(await at({ 'x-reset': 'soon' }, rules)).not.toHaveProperty('result.afterMs');
  });

  it('of hours ends the run with the time to go on', async () => {
    expect(await at({ 'retry-after': '7200' })).toMatchObject({
      kind: 'fatal',
      error: { code: 'destination_quota', details: { resumeAt: expect.stringMatching(/^\d{4}-.*Z$/) } },
    });
    const quotaResetsAt = () => new Date('2030-01-01T00:00:00Z');
    expect(await at({}, { quotaResetsAt })).toMatchObject({
      error: { details: { resumeAt: '2030-01-01T00:00:00.000Z' } },
    });
  });
});

describe('credentials', () => {
  const renewing = (takes: number) => {
    let token = 'token-0000000000';
    let renewals = 0;
    const credentials: ApiCredentials = {
      headers: () => Promise.resolve({ Authorization: `Bearer ${token}` }),
      secrets: () => [token],
      async renew() {
        renewals += 1;
        token = `token-${String(renewals).padStart(10, '0')}`;
      },
    };
    server.handle(({ headers }) =>
      headers.authorization === `Bearer token-${String(takes).padStart(10, '0')}`
        ? { body: {} }
        : { status: 401, body: {} },
    );
    return { credentials, count: () => renewals };
  };

  it('that are refused are renewed once, and the request is sent once more', async () => {
    const { credentials, count } = renewing(1);
    const session = client({}, credentials).session(freely);
    await expect(session.send({ method: 'POST', path: '/x' })).resolves.toMatchObject({ status: 200 });
    expect([count(), server.requests.length, session.exchanges.length]).toEqual([1, 2, 2]);
    expect(JSON.stringify(session.exchanges)).not.toMatch(/token-\d/);
  });

  it('that are refused twice stop the run', async () => {
    const { credentials, count } = renewing(9);
    const sent = client({}, credentials).session(freely).send({ method: 'POST', path: '/x' });
    await expect(sent).rejects.toMatchObject({
      failure: { kind: 'fatal', error: { code: 'destination_auth' } },
    });
    expect([count(), server.requests.length]).toEqual([1, 2]);
  });

  it('stand in no exchange, nor do hashes where addresses are hashed', async () => {
    server.handle(({ body, headers }) => ({ body: { echo: headers.authorization, body } }));
    const masking = createApiClient(
      {
        vendor: 'Acme',
        baseUrl: new URL(server.url),
        credentials: bearer('token-0123456789'),
        maskHashes: true,
      },
      context,
    );
    const session = masking.session(freely);
    const body = { type: 'application/json', text: JSON.stringify({ hash: 'a'.repeat(64) }) };
    await session.send({ method: 'POST', path: '/x', body });
    const shown = JSON.stringify(session.exchanges);
    expect(shown).not.toContain('token-0123456789');
    expect(shown).not.toContain('a'.repeat(64));
  });
});

it('puts paths below the base, queries behind, and leaves out what is undefined', async () => {
  server.handle(() => ({ body: {} }));
  await client().read({ method: 'GET', path: '/a%20b', query: { q: 'x&y', none: undefined, n: 1 } });
  expect(server.requests[0]?.path).toBe('/base/a%20b?q=x%26y&n=1');
});

it('sends nothing that was not admitted', async () => {
  const refuse = { ...freely, admit: () => Promise.reject(new Error('stopped')) };
  await expect(client().session(refuse).send({ method: 'POST', path: '/x' })).rejects.toThrow('stopped');
  expect(server.requests).toEqual([]);
});
