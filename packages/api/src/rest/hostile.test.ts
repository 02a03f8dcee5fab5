// What nobody should send. The answer is always polite: 4xx in the shape of the contract, quickly, and it says what.
import { createTestMember } from '@sluice/services/testing/create-test-member';
import { createTestResources, type TestResources } from '@sluice/services/testing/create-test-resources';
import { openTestContext, type TestContext } from '@sluice/services/testing/open-test-context';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServedRest, serveRest } from '../testing/serve-rest.ts';
import { apiDocument } from './api-document.ts';

let ctx: TestContext;
let rest: ServedRest;
let made: TestResources;
beforeAll(async () => {
  ctx = await openTestContext();
  const { actor } = await createTestMember(ctx, 'acme');
  made = await createTestResources(ctx, actor.workspaceId, 'acme');
  rest = await serveRest(ctx);
});
afterAll(async () => {
  await rest.close();
  await ctx.close();
});

const send = (method: string, path: string, body?: string) =>
  rest.send(method, path.startsWith('/api/') ? path : `/api/v1${path}`, {
    headers: { authorization: `Bearer ${made.tokenSecret}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body }),
  });
const fieldsOf = async (method: string, path: string, body: object) => {
  const answer = await send(method, path, JSON.stringify(body));
  expect(answer.status, answer.text).toBe(422);
  expect(answer.json.message).toBe('Validation failed');
  return answer.json.details.fields as Record<string, string>;
};

describe('fields', () => {
  test.each([
    ['POST', '/sources', { name: 'x', type: 'postgresql', configuration: {}, colour: 'red' }, 'colour'],
    ['POST', '/destinations', { name: 'x', type: 'postgresql', configuration: {}, typ: 1 }, 'typ'],
    ['POST', '/models', { name: 'x', sourceId: 1, primaryKey: 'id', raw: { sql: 'x', sq1: 1 } }, 'raw.sq1'],
    ['POST', '/syncs/trigger', { syncId: 1, full_resync: true }, 'full_resync'],
    ['POST', '/syncs/1/trigger', { fullresync: true }, 'fullresync'],
    ['POST', '/syncs/1/dry-run', { config: {} }, 'config'],
    ['PATCH', '/syncs/1', { schedul: null }, 'schedul'],
    ['PATCH', '/models/1', { sqll: 'x' }, 'sqll'],
    ['PATCH', '/sources/1', { config: {} }, 'config'],
  ])('%s %s refuses the unknown one by its name', async (method, path, body, name) => {
    const fields = await fieldsOf(method, path, body);
    expect(fields[name]).toBe('This field is not known.');
  });

  test('of a wrong type say what was expected', async () => {
    expect(await fieldsOf('POST', '/syncs/1/trigger', { fullResync: 'maybe' })).toEqual({
      fullResync: expect.stringContaining('expected boolean'),
    });
    const fields = await fieldsOf('POST', '/models', { name: 7, sourceId: 'first', primaryKey: null });
    expect(fields).toMatchObject({
      name: expect.stringContaining('expected string'),
      sourceId: expect.stringContaining('expected number'),
      primaryKey: expect.stringContaining('expected string'),
    });
    const isList = await fieldsOf('PATCH', `/syncs/${made.syncId}`, { configuration: { mappings: 'all' } });
    expect(isList['configuration.mappings']).toContain('expected array');
  });

  test('clearing the destination and following a dbt Cloud job are refused with what to do instead', async () => {
    const cleared = await send('POST', `/syncs/${made.syncId}/trigger`, '{"clearAndFill": true}');
    expect(cleared).toMatchObject({ status: 422 });
    expect(cleared.json.details).toMatchObject({
      fields: { clearAndFill: expect.any(String) },
      fix: expect.stringContaining('fullResync'),
    });
    const dbt = { schedule: { type: 'dbt', schedule: { account: { id: '1' }, job: { id: '2' } } } };
    expect(await fieldsOf('PATCH', `/syncs/${made.syncId}`, dbt)).toHaveProperty(['schedule.schedule']);
  });
});

describe('bodies', () => {
  const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;

  test('are read down to 64 levels', async () => {
    const path = `/syncs/${made.syncId}/dry-run`;
    const deep = await send('POST', path, `{"b":${nested(64)}}`);
    expect(deep.json.details.fields.body).toContain('64 levels');
    const allowed = await send('POST', path, `{"b":${nested(63)}}`);
    expect(allowed.json.details.fields).toEqual({ b: 'This field is not known.' });
    const brackets = await send('POST', path, `{"b":"${'['.repeat(500)}\\"${'{'.repeat(500)}"}`);
    expect(brackets.json.details.fields).toEqual({ b: 'This field is not known.' });
  });

  test.each([
    ['more than 1 MB', () => `{"name":"${'x'.repeat(1_000_001)}"}`, 413],
    ['a million brackets', () => '['.repeat(999_000), 422],
    ['an endless string', () => `{"name":"${'\\\\'.repeat(499_000)}`, 422],
    ['no JSON', () => '{"name":', 422],
    ['a list', () => '[]', 422],
    ['null', () => 'null', 422],
    ['a NUL', () => '{"name":"a\\u0000b","type":"postgresql","configuration":{}}', 422],
    ['half a character', () => '{"name":"x","type":"postgresql","configuration":{"host":"\\ud800"}}', 422],
    ['a NUL in a name', () => '{"a\\u0000":1}', 422],
    ['a prototype', () => '{"__proto__":{"name":"x"},"constructor":1}', 422],
  ])('of %s are refused in time', async (_, body, status) => {
    const started = performance.now();
    const answer = await send('POST', '/sources', body());
    expect(answer.status, answer.text).toBe(status);
    expect(answer.json.details).toMatchObject({ code: expect.any(String), fix: expect.any(String) });
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

test.each([
  ['/syncs/abc', 404],
  ['/syncs/0', 404],
  ['/syncs/-1', 404],
  ['/syncs/1.5', 404],
  ['/syncs/99999999999999999999', 404],
  ['/syncs/1e400', 404],
  ['/syncs/%ZZ', 404],
  ['/syncs/1%00', 404],
  ['/api/v2/rest/sync/nothing', 404],
  ['/syncs?slug=%00', 422],
  ['/syncs?limit=-1', 422],
  ['/syncs?limit=many', 422],
  ['/syncs?orderBy=password', 422],
  ['/syncs?after=yesterday', 422],
  ['/syncs?modelId=99999999999999', 200],
  ['/syncs?limit=99999999&offset=99999999999', 200],
  ['/models?tags=nocolon', 422],
  ['/models?tags=team:growth&tags=tier:1', 200],
  ["/models?tags=a'b:c%22d", 200],
  ['/runs?status=success,failed', 200],
  ['/runs?status=running', 422],
  ['/runs?cursor=abc', 422],
])('GET %s answers %i', async (path, status) => {
  const answer = await send('GET', path);
  expect(answer.status, answer.text).toBe(status);
});

test('an unknown run of a known sync is an empty list, whatever its number', async () => {
  for (const id of ['999999', '0', '99999999999', '1e+20']) {
    const answer = await send('GET', `/syncs/${made.syncId}/runs?runId=${encodeURIComponent(id)}`);
    expect(answer.json).toEqual({ data: [], hasMore: false });
  }
});

test('no route answers 5xx to any JSON', { timeout: 60_000 }, async () => {
  const { paths } = apiDocument();
  const written = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations)
      .filter((method) => method === 'post' || method === 'patch')
      .map((method) => ({ method: method.toUpperCase(), path: path.replace(/\{\w+\}/, realId(path)) })),
  );
  const names = ['name', 'slug', 'type', 'configuration', 'schedule', 'sourceId', 'raw', 'syncSlug', 'tags'];
  const body = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom(...names), fc.jsonValue(), { maxKeys: 6 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...written), body, async ({ method, path }, value) => {
      const answer = await send(method, path, JSON.stringify(value));
      expect(answer.status, `${method} ${path} ${JSON.stringify(value)}\n${answer.text}`).toBeLessThan(500);
    }),
    { numRuns: 150 },
  );
});

/** The id of something that exists, so that more than the first check is reached. */
function realId(path: string): string {
  if (path.endsWith('/dry-run')) return '999999';
  if (path.includes('/sources/')) return String(made.sourceId);
  if (path.includes('/models/')) return String(made.modelId);
  return String(path.includes('/destinations/') ? made.destinationId : made.syncId);
}

test('a limit that is used up says when to come back', async () => {
  const { actor } = await createTestMember(ctx, 'busy');
  const busy = await createTestResources(ctx, actor.workspaceId, 'busy');
  const headers = { authorization: `Bearer ${busy.tokenSecret}` };
  const first = await rest.send('GET', '/api/v1/sources', { headers });
  const { id } = await ctx.db.apiToken.findFirstOrThrow({ where: { name: 'busy' } });
  const limit = Number(first.headers['ratelimit-limit']);
  expect(Number(first.headers['ratelimit-remaining'])).toBe(limit - 1);
  await Promise.all(Array.from({ length: limit - 1 }, () => ctx.limits.take('api', id)));
  const refused = await rest.send('GET', '/api/v1/sources', { headers });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(refused.headers['ratelimit-remaining']).toBe('0');
  expect(refused.headers['ratelimit-limit']).toBe(String(limit));
  expect(refused.json.details.code).toBe('rate_limited');
});
