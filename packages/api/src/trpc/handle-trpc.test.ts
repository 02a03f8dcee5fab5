import { createTestMember, type TestMember } from '@sluice/services/testing/create-test-member';
import { openTestContext, type TestContext } from '@sluice/services/testing/open-test-context';
import superjson from 'superjson';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handleTrpc } from './handle-trpc.ts';

let ctx: TestContext;
let admin: TestMember;
beforeAll(async () => {
  ctx = await openTestContext();
  admin = await createTestMember(ctx, 'acme');
});
afterAll(() => ctx.close());

interface Call {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  signedIn?: boolean;
}

async function call(path: string, { method = 'GET', headers = {}, body, signedIn = true }: Call = {}) {
  const request = new Request(`http://localhost:3000/api/trpc/${path}`, {
    method,
    headers: { host: 'localhost:3000', 'x-sluice-workspace': 'acme', ...headers },
    ...(body !== undefined && { body }),
  });
  const session = signedIn ? admin.session : null;
  const response = await handleTrpc(ctx, request, { session, address: '192.0.2.1' });
  const answer = (await response.json()) as Answer | Answer[];
  const [first] = [answer].flat();
  return { status: response.status, headers: response.headers, error: errorOf(first), answer };
}

interface Answer {
  error?: { json: { message: string; data: { sluice: Record<string, unknown> } } };
  result?: unknown;
}
const errorOf = (answer: Answer | undefined) => answer?.error?.json.data.sluice;

const json = { 'content-type': 'application/json' };
const invite = (input: unknown) => JSON.stringify(superjson.serialize(input));

test('answers queries and mutations of the workspace in the header', async () => {
  const { answer, headers } = await call('workspace.get');
  expect(answer).toMatchObject({ result: { data: { json: { slug: 'acme' } } } });
  expect(headers.get('cache-control')).toBe('no-store');
  const body = invite({ role: 'viewer' });
  expect((await call('invitation.create', { method: 'POST', headers: json, body })).status).toBe(200);
});

test('an error says what to do, carries the request id, and no stack', async () => {
  const { status, error, headers, answer } = await call('workspace.get', { signedIn: false });
  expect(status).toBe(401);
  expect(error).toMatchObject({ code: 'unauthenticated', fix: expect.any(String), fault: 'user' });
  expect(error?.requestId).toBe(headers.get('x-request-id'));
  expect(JSON.stringify(answer)).not.toContain('stack');
});

test('input that does not fit names its fields', async () => {
  const body = invite({ role: 'king', extra: 1 });
  const { status, error } = await call('invitation.create', { method: 'POST', headers: json, body });
  expect(status).toBe(422);
  expect(error).toMatchObject({
    code: 'input_invalid',
    fields: { role: expect.any(String), extra: expect.any(String) },
  });
});

test.each([
  ['another site', { ...json, 'sec-fetch-site': 'cross-site' }],
  ['another origin', { ...json, origin: 'https://evil.example' }],
  ['a sandboxed page', { ...json, origin: 'null' }],
  ['an upload', { 'content-type': 'multipart/form-data; boundary=x' }],
  ['a file', { 'content-type': 'application/octet-stream' }],
])('refuses a mutation from %s', async (_, headers) => {
  const { status, error } = await call('invitation.create', {
    method: 'POST',
    headers,
    body: invite({ role: 'viewer' }),
  });
  expect(status).toBe(403);
  expect(error?.code).toBe('forbidden');
});

test('refuses a form', async () => {
  const headers = { 'content-type': 'text/plain' };
  const { status } = await call('invitation.create', {
    method: 'POST',
    headers,
    body: invite({ role: 'viewer' }),
  });
  expect(status).toBe(415);
});

test.each(['http://localhost:3000', 'http://LOCALHOST:3000'])(
  'accepts a mutation from %s',
  async (origin) => {
    const headers = { ...json, origin, 'sec-fetch-site': 'same-origin' };
    expect(
      (await call('invitation.create', { method: 'POST', headers, body: invite({ role: 'viewer' }) })).status,
    ).toBe(200);
  },
);

test('a mutation cannot be sent as GET, a query that does not exist is named so', async () => {
  const input = encodeURIComponent(invite({ role: 'viewer' }));
  expect((await call(`invitation.create?input=${input}`)).error?.code).toBe('input_invalid');
  expect((await call('no.such')).error?.code).toBe('not_found');
});

test('at most ten calls in a batch, and one megabyte', async () => {
  const paths = (count: number) => Array.from({ length: count }, () => 'workspace.get').join(',');
  expect((await call(`${paths(10)}?batch=1`)).answer).toHaveLength(10);
  expect((await call(`${paths(11)}?batch=1`)).status).toBe(400);
  const body = invite({ role: 'x'.repeat(1_100_000) });
  const { status, error } = await call('invitation.create', { method: 'POST', headers: json, body });
  expect([status, error?.code]).toEqual([413, 'payload_too_large']);
});

test('the link of an invitation has the host of the settings, whatever host a request names', async () => {
  const { answer } = await call('invitation.create', {
    method: 'POST',
    headers: {
      ...json,
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'ftp',
    },
    body: invite({ role: 'viewer' }),
  });
  const text = JSON.stringify(answer);
  expect(text).toMatch(/"url":"http:\/\/localhost:3000\/invite\/[\w-]{20,}"/);
  expect(text).not.toContain('evil.example');
});
