import { permissionsOfScope, type TokenScope, tokenScopes } from '@sluice/domain/permission';
import type { TestMember } from '@sluice/services/testing/create-test-member';
import { createTestMember } from '@sluice/services/testing/create-test-member';
import { createTestResources, type TestResources } from '@sluice/services/testing/create-test-resources';
import { dumpTables } from '@sluice/services/testing/dump-tables';
import { openTestContext, type TestContext } from '@sluice/services/testing/open-test-context';
import { createToken } from '@sluice/services/token/create-token';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handleRest } from './handle-rest.ts';

let ctx: TestContext;
let admin: TestMember;
let ours: TestResources;
let theirs: TestResources;
const secrets = {} as Record<TokenScope, string>;

beforeAll(async () => {
  ctx = await openTestContext();
  admin = await createTestMember(ctx, 'ours');
  const stranger = await createTestMember(ctx, 'theirs');
  ours = await createTestResources(ctx, admin.actor.workspaceId, 'ours');
  theirs = await createTestResources(ctx, stranger.actor.workspaceId, 'theirs');
  for (const scope of tokenScopes) {
    const input = { name: scope, scope, expiresInDays: 1, syncIds: null };
    secrets[scope] = (await createToken(ctx, admin.actor, input)).secret;
  }
});
afterAll(() => ctx.close());

interface Sent {
  method?: string;
  token?: string | null;
  body?: string;
  type?: string;
}

/** Sends a request as a client would, and reads the answer as JSON. */
async function send(path: string, { method = 'GET', token = secrets.write, body, type }: Sent = {}) {
  const headers = new Headers();
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  if (type !== undefined) headers.set('content-type', type);
  const full = path.startsWith('/api/') ? path : `/api/v1${path}`;
  const request = new Request(`http://sluice.example${full}`, {
    method,
    headers,
    ...(body !== undefined && { body }),
  });
  const response = await handleRest(ctx, request, { address: '192.0.2.1' });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: JSON.parse(text || 'null'),
  };
}

const post = (path: string, body?: string, type?: string) =>
  send(path, { method: 'POST', ...(body !== undefined && { body }), ...(type !== undefined && { type }) });

describe('tokens', () => {
  test.each(['/syncs', '/syncs/999999', '/no/such/path'])('a stranger gets 401 for %s', async (path) => {
    for (const token of [null, 'slc_wrong', ours.tokenSecret.slice(0, -1)]) {
      const { status, body, headers } = await send(path, { token });
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toBe('Bearer');
      expect(body).toMatchObject({ message: expect.any(String), details: { code: 'unauthenticated' } });
    }
  });

  test('a limited token sees and triggers only its syncs', async () => {
    const other = await ctx.db.sync.create({
      data: { ...(await syncRow(ours.syncId)), slug: 'second' },
    });
    const input = { name: 'one', scope: 'write', expiresInDays: 1, syncIds: [other.id] } as const;
    const token = (await createToken(ctx, admin.actor, { ...input, syncIds: [other.id] })).secret;
    expect((await send('/syncs', { token })).body.data.map(({ id }: { id: number }) => id)).toEqual([
      other.id,
    ]);
    expect((await send(`/syncs/${ours.syncId}`, { token })).status).toBe(404);
    expect((await send(`/syncs/${ours.syncId}/runs`, { token })).status).toBe(404);
    expect((await send(`/syncs/${ours.syncId}/trigger`, { token, method: 'POST' })).status).toBe(404);
    expect((await send(`/syncs/${other.id}/trigger`, { token, method: 'POST' })).status).toBe(200);
    await ctx.db.run.deleteMany({ where: { syncId: other.id } });
    await ctx.db.sync.delete({ where: { id: other.id } });
  });

  test('limits are announced', async () => {
    const { headers } = await send('/syncs');
    expect(headers.get('ratelimit-limit')).toBe('1000');
    expect(Number(headers.get('ratelimit-remaining'))).toBeLessThan(1000);
  });
});

describe('what trips implementations up', () => {
  test('a trigger answers a string of digits, whatever the body and however the id is spelled', async () => {
    const spellings = [`${ours.syncId}`, `${ours.syncId}.0`, ours.syncId.toExponential()];
    const bodies: [string | undefined, string | undefined][] = [
      [undefined, undefined],
      [undefined, 'application/json'],
      ['', 'application/json'],
      ['', ''],
      ['{}', 'application/json'],
      ['{"fullResync":false}', 'application/json; charset=utf-8'],
      ['fullResync=false&resetCDC=false', 'application/x-www-form-urlencoded'],
      ['{"fullResync":"false"}', ''],
    ];
    const ids = new Set<string>();
    for (const id of spellings) {
      for (const [body, type] of bodies) {
        const answer = await post(`/syncs/${id}/trigger`, body, type);
        expect(answer).toMatchObject({ status: 200, body: { id: expect.stringMatching(/^\d+$/) } });
        ids.add(answer.body.id);
      }
    }
    expect(ids.size).toBe(1);
    const [id] = [...ids];
    for (const runId of [id, `${id}.0`, Number(id).toExponential().replace('+', '%2B')]) {
      const { body } = await send(`/syncs/${ours.syncId}/runs?runId=${runId}`);
      expect(body.data).toEqual([
        {
          id: Number(id),
          createdAt: expect.stringMatching(/Z$/),
          startedAt: null,
          finishedAt: null,
          querySize: 0,
          status: 'queued',
          completionRatio: 0,
          plannedRows: { addedCount: 0, changedCount: 0, removedCount: 0 },
          successfulRows: { addedCount: 0, changedCount: 0, removedCount: 0 },
          failedRows: { addedCount: 0, changedCount: 0, removedCount: 0 },
          error: null,
        },
      ]);
    }
    const sync = (await send(`/syncs/${ours.syncId}`)).body;
    expect(sync).toMatchObject({ status: 'queued', lastRunAt: expect.any(String) });
  });

  test('Airflow names the sync in a form, others by slug', async () => {
    const type = 'application/x-www-form-urlencoded';
    const byForm = await post('/syncs/trigger', `syncId=${ours.syncId}&fullResync=False`, type);
    const bySlug = await post(
      '/syncs/trigger',
      JSON.stringify({ syncSlug: ours.syncSlug }),
      'application/json',
    );
    expect([byForm.status, bySlug.status]).toEqual([200, 200]);
    expect((await post('/syncs/trigger', '{"syncSlug":"nope"}')).status).toBe(404);
    expect((await post('/syncs/trigger', '{}')).body).toMatchObject({
      message: 'Validation failed',
      details: { fields: { syncId: expect.any(String) } },
    });
  });

  test('paths may end with a slash; unknown slugs and runs are empty lists', async () => {
    expect((await send(`/syncs/?slug=${ours.syncSlug}`)).body.data).toHaveLength(1);
    expect((await send('/syncs/?slug=nope')).body).toEqual({ data: [], hasMore: false });
    expect((await send(`/syncs/${ours.syncId}/runs?runId=999999`)).body).toEqual({
      data: [],
      hasMore: false,
    });
  });

  test('runs come newest first and page by offset', async () => {
    const first = (await send(`/syncs/${ours.syncId}/runs?limit=1`)).body;
    expect(first).toMatchObject({ data: [{ status: 'queued' }], hasMore: true });
    const second = (await send(`/syncs/${ours.syncId}/runs?limit=1&offset=1`)).body;
    expect(second).toMatchObject({ data: [{ id: ours.runId, status: 'success' }], hasMore: false });
  });

  test('objects carry the fields that clients read', async () => {
    const { body: sync } = await send(`/syncs/${ours.syncId}`);
    expect(Object.keys(sync).sort()).toEqual(
      'configuration createdAt destinationId disabled externalSegment id lastRunAt modelId primaryKey referencedColumns schedule slug status tags updatedAt workspaceId'.split(
        ' ',
      ),
    );
    expect(sync).toMatchObject({ schedule: null, primaryKey: 'id', workspaceId: admin.actor.workspaceId });
    expect((await send(`/models/${ours.modelId}`)).body).toMatchObject({
      queryType: 'raw_sql',
      raw: { sql: "select 'ours' as id" },
      syncs: [ours.syncId],
      isSchema: false,
    });
    expect((await send(`/destinations/${ours.destinationId}`)).body).toMatchObject({ syncs: [ours.syncId] });
    expect((await send(`/sources/${ours.sourceId}`)).body).toMatchObject({ type: 'postgresql' });
  });

  test('a schedule of {} means none, others are read and refused with a field', async () => {
    const patch = (body: object) =>
      send(`/syncs/${ours.syncId}`, {
        method: 'PATCH',
        body: JSON.stringify(body),
        type: 'application/json',
      });
    const interval = { type: 'interval', schedule: { interval: { unit: 'hour', quantity: 2 } } };
    expect((await patch({ schedule: interval })).body.schedule).toEqual(interval);
    expect((await patch({ schedule: {} })).body.schedule).toBeNull();
    const refused = await patch({ schedule: { type: 'weekly', schedule: {} } });
    expect(refused.status).toBe(422);
    expect(Object.keys(refused.body.details.fields)[0]).toMatch(/^schedule\./);
  });

  test('bodies that are no JSON, too large, or wrong say so', async () => {
    expect(await post('/sources', '{"name":', 'application/json')).toMatchObject({
      status: 422,
      body: { message: 'Validation failed', details: { fields: { body: expect.any(String) } } },
    });
    expect((await post('/sources', `{"name":"${'x'.repeat(1_100_000)}"}`)).status).toBe(413);
    const missing = await post('/models', '{"name":"m","sourceId":"1","primaryKey":"id"}');
    expect(missing.body.details.fields).toEqual({ queryType: expect.stringContaining('raw_sql') });
  });

  test('cancels a queued run, and lists rows only to those who may see them', async () => {
    const { body } = await post(`/syncs/${ours.syncId}/trigger`);
    const path = `/syncs/${ours.syncId}/runs/${body.id}`;
    expect((await send(`${path}/rows`, { token: secrets.trigger })).status).toBe(403);
    expect((await post(`${path}/cancel`)).body).toMatchObject({ status: 'cancelled' });
    expect((await post(`${path}/cancel`)).status).toBe(409);
    expect((await post(`/syncs/999999/runs/${body.id}/cancel`)).status).toBe(404);
  });
});

test('a model is created, changed and removed', async () => {
  const created = await post(
    '/models?skipColumnQuery=true',
    JSON.stringify({
      name: 'Orders',
      slug: 'orders',
      sourceId: String(ours.sourceId),
      primaryKey: 'id',
      sql: 'select 1 as id',
    }),
    'application/json',
  );
  expect(created).toMatchObject({ status: 200, body: { slug: 'orders', raw: { sql: 'select 1 as id' } } });
  const path = `/models/${created.body.id}`;
  const clash = await post(
    '/models?skipColumnQuery=1',
    JSON.stringify({ name: 'x', slug: 'orders', sourceId: ours.sourceId, primaryKey: 'id', sql: 'select 1' }),
  );
  expect(clash.status).toBe(409);
  expect((await send(path, { method: 'PATCH', body: '{"name":"All orders"}' })).body.name).toBe('All orders');
  expect((await send(path, { method: 'DELETE' })).status).toBe(204);
  expect((await send(path)).status).toBe(404);
  expect((await send(`/models/${ours.modelId}`, { method: 'DELETE' })).status).toBe(409);
});

describe('every route of the description', async () => {
  const document = await describedRoutes();

  test('is public, and complete', async () => {
    const { status, body } = await send('/openapi.json', { token: null });
    expect(status).toBe(200);
    expect(body).toMatchObject({ openapi: '3.1.0', components: { securitySchemes: { bearer: {} } } });
    expect(Object.keys(body.paths)).toContain('/api/v1/syncs/{id}/trigger');
    expect(document.length).toBeGreaterThan(20);
    expect(document.filter(({ permission }) => !permission)).toEqual([]);
  });

  test.each(document)(
    '$method $path checks token, scope and workspace',
    async ({ method, path, permission }) => {
      const foreign = await dumpTables(ctx, await workspaceOf(theirs));
      const body = method === 'GET' ? {} : { body: JSON.stringify(neededBody(path)) };
      const filled = (from: { [name: string]: number }) =>
        path.replace(/\{(\w+)\}/g, (_, name) => String(name === 'runId' ? from.runId : from[nounOf(path)]));
      const nowhere = filled({
        sourceId: 999_999,
        modelId: 999_999,
        destinationId: 999_999,
        syncId: 999_999,
        runId: 999_999,
        webhookId: 999_999,
      });
      expect((await send(nowhere, { method, token: null, ...body })).status).toBe(401);
      for (const scope of tokenScopes) {
        const { status } = await send(nowhere, { method, token: secrets[scope], ...body });
        if (permissionsOfScope(scope).has(permission)) expect([401, 403, 500]).not.toContain(status);
        else expect(status).toBe(403);
      }
      if (!path.includes('{')) return;
      const { sourceId, modelId, destinationId, syncId, runId, webhookId } = theirs;
      const reached = await send(filled({ sourceId, modelId, destinationId, syncId, runId, webhookId }), {
        method,
        ...(!permissionsOfScope('write').has(permission) && { token: secrets.admin }),
        ...body,
      });
      // A key of another workspace's model is just an unknown key.
      if (path === '/rows/{key}') expect(reached.body).toMatchObject({ data: [] });
      else expect(reached.status).toBe(404);
      expect(JSON.stringify(reached.body)).not.toContain('theirs');
      expect(await dumpTables(ctx, await workspaceOf(theirs))).toEqual(foreign);
    },
  );
});

async function describedRoutes() {
  const { apiDocument } = await import('./api-document.ts');
  const { paths } = apiDocument();
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, { 'x-permission'?: never }>).map(([method, operation]) => ({
      path: path.replace('/api/v1', ''),
      method: method.toUpperCase(),
      permission: operation['x-permission'] as never,
    })),
  );
}

/** What a route cannot do without: otherwise it would refuse the body before it looks for anything. */
function neededBody(path: string): object {
  if (path.includes('/replay')) return { rows: { which: 'failed' } };
  if (path.endsWith('/effects')) return { configuration: {} };
  return path.endsWith('/doubts') ? { decision: 'arrived', keys: null } : {};
}

const nounOf = (path: string) =>
  path.includes('/rest/') ? 'syncId' : `${path.split('/')[1]?.slice(0, -1)}Id`;
const workspaceOf = async ({ syncId }: TestResources) =>
  (await ctx.db.sync.findUniqueOrThrow({ where: { id: syncId } })).workspaceId;

async function syncRow(id: number) {
  const { workspaceId, modelId, destinationId, configuration, referencedColumns } =
    await ctx.db.sync.findUniqueOrThrow({ where: { id } });
  return { workspaceId, modelId, destinationId, configuration: configuration as object, referencedColumns };
}
