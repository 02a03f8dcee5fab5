// Sequences over real HTTP, in the shapes that SDKs of the contract read.
import { createTestMember } from '@sluice/services/testing/create-test-member';
import { createTestResources, type TestResources } from '@sluice/services/testing/create-test-resources';
import { openTestContext, type TestContext } from '@sluice/services/testing/open-test-context';
import { createToken } from '@sluice/services/token/create-token';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedDirectory } from '../testing/env.ts';
import { type ServedRest, serveRest } from '../testing/serve-rest.ts';
import { readVendorSchemas } from '../testing/vendor-schemas.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const nowhere = '00000000-0000-4000-8000-000000000000';
const check = readVendorSchemas(sharedDirectory);

let ctx: TestContext;
let rest: ServedRest;
let made: TestResources;
let foreign: TestResources;
let readToken: string;
beforeAll(async () => {
  ctx = await openTestContext();
  const { actor } = await createTestMember(ctx, 'acme');
  const { actor: stranger } = await createTestMember(ctx, 'stranger');
  made = await createTestResources(ctx, actor.workspaceId, 'acme');
  foreign = await createTestResources(ctx, stranger.workspaceId, 'stranger');
  const input = { name: 'reader', scope: 'read', expiresInDays: 1, syncIds: null } as const;
  readToken = (await createToken(ctx, actor, input)).secret;
  rest = await serveRest(ctx);
});
afterAll(async () => {
  await rest.close();
  await ctx.close();
});

const send = (
  method: string,
  path: string,
  {
    body,
    token = made.tokenSecret,
    ...headers
  }: { body?: object; token?: string; [name: string]: unknown } = {},
) =>
  rest.send(method, `/api/v1${path}`, {
    headers: { authorization: `Bearer ${token}`, ...(headers as Record<string, string>) },
    ...(body && { body: JSON.stringify(body) }),
  });

test('create, read, change, list and remove, each answer a bare object', async () => {
  const steps = [
    { syncId: String(made.syncId), policy: { type: 'stop_on_fatal_or_rejections', rejectedShareMax: 0.2 } },
  ];
  const schedule = { type: 'cron', schedule: { expression: '0 6 * * *' } };
  const created = await send('POST', '/sync-sequences', { body: { name: 'After dbt', steps, schedule } });
  expect(created.status, created.text).toBe(200);
  expect(created.json).toEqual({
    id: expect.stringMatching(uuid),
    workspaceId: expect.any(Number),
    name: 'After dbt',
    slug: 'after-dbt',
    steps: [{ syncId: made.syncId, syncSlug: made.syncSlug, policy: steps[0]?.policy }],
    schedule,
    disabled: false,
    nextRunAt: expect.any(String),
    createdAt: expect.any(String),
    updatedAt: expect.any(String),
  });
  const { id } = created.json;
  // What was read can be changed and sent back.
  const patched = await send('PATCH', `/sync-sequences/${id}`, { body: { ...created.json, schedule: {} } });
  expect(patched.json).toMatchObject({ id, schedule: null, nextRunAt: null });
  const listed = await send('GET', '/sync-sequences/?slug=after-dbt');
  expect(listed.json).toEqual({ data: [patched.json], hasMore: false });
  expect((await send('GET', `/sync-sequences/${id}`)).json).toEqual(patched.json);
  expect((await send('DELETE', `/sync-sequences/${id}`)).status).toBe(204);
  expect((await send('GET', `/sync-sequences/${id}`)).status).toBe(404);
});

test('trigger answers an id whose status is there at once, in the contract’s shape', async () => {
  const trigger = `/sync-sequences/${made.sequenceId}/trigger`;
  // No body at all; JSON type without a body; an empty content type.
  const first = await send('POST', trigger);
  expect(first.status, first.text).toBe(200);
  expect(first.json).toEqual({ id: expect.stringMatching(uuid) });
  const follow = await send('POST', trigger, { 'content-type': 'application/json' });
  const again = await send('POST', trigger, { 'content-type': '' });
  expect(again.json).toEqual(follow.json);
  expect(follow.json).not.toEqual(first.json);
  const running = (await send('GET', `/sync-sequences/runs/${first.json.id}`)).json;
  expect(running).toEqual({
    id: first.json.id,
    status: 'running',
    syncRuns: [{ syncId: made.syncId, syncRunId: expect.any(Number), status: 'queued', finishedAt: null }],
  });
  const waiting = await send('GET', `/sync-sequences/runs/${follow.json.id}`);
  expect(waiting.json).toEqual({ id: follow.json.id, status: 'pending', syncRuns: [] });
  const keyed = { 'idempotency-key': 'build-7' };
  expect((await send('POST', trigger, keyed)).json).toEqual(follow.json);

  const cancelled = await send('POST', `/sync-sequences/runs/${follow.json.id}/cancel`);
  expect(cancelled.json).toMatchObject({ status: 'cancelled', trigger: 'api', sequenceId: made.sequenceId });
  expect((await send('POST', `/sync-sequences/runs/${follow.json.id}/cancel`)).status).toBe(409);
  expect((await send('POST', trigger, keyed)).json).toEqual(follow.json);
  const list = await send('GET', `/sync-sequences/${made.sequenceId}/runs?limit=2`);
  expect(list.json.data.map(({ id }: { id: string }) => id)).toEqual([follow.json.id, first.json.id]);
  const rest = await send('GET', `/sync-sequences/${made.sequenceId}/runs?cursor=${list.json.nextCursor}`);
  expect(rest.json).toMatchObject({ data: [{ id: made.sequenceRunId, status: 'done' }], hasMore: false });
});

test.skipIf(check === null)('the vendor’s schemas accept what ended', async () => {
  const { json } = await send('GET', `/sync-sequences/runs/${made.sequenceRunId}`);
  expect(json.syncRuns).toHaveLength(1);
  expect(check?.('SyncSequenceStatusOutput', json)).toBeNull();
  const { json: triggered } = await send('POST', `/sync-sequences/${made.sequenceId}/trigger`);
  expect(check?.('TriggerSequenceRunOutput', triggered)).toBeNull();
});

test('refuses strangers, foreign and impossible ids, scopes, and bodies by their fields', async () => {
  for (const id of [nowhere, foreign.sequenceId, '17', 'x']) {
    for (const [method, path] of [
      ['GET', `/sync-sequences/${id}`],
      ['PATCH', `/sync-sequences/${id}`],
      ['DELETE', `/sync-sequences/${id}`],
      ['POST', `/sync-sequences/${id}/trigger`],
      ['GET', `/sync-sequences/${id}/runs`],
    ] as const) {
      expect((await send(method, path)).status, `${method} ${path}`).toBe(404);
      expect((await send(method, path, { token: 'slc_wrong' })).status).toBe(401);
    }
  }
  for (const id of [nowhere, foreign.sequenceRunId, '17']) {
    expect((await send('GET', `/sync-sequences/runs/${id}`)).status).toBe(404);
    expect((await send('POST', `/sync-sequences/runs/${id}/cancel`)).status).toBe(404);
  }
  const asReader = { token: readToken };
  expect((await send('GET', `/sync-sequences/${made.sequenceId}`, asReader)).status).toBe(200);
  expect((await send('POST', `/sync-sequences/${made.sequenceId}/trigger`, asReader)).status).toBe(403);
  const bodies: [object, string][] = [
    [{ name: 'n' }, 'steps'],
    [{ name: 'n', steps: [] }, 'steps'],
    [{ name: 'n', steps: [{ syncId: made.syncId, policy: { type: 'hope' } }] }, 'steps.0.policy.type'],
    [{ name: 'n', steps: [{ syncId: made.syncId, wait: 3 }] }, 'steps.0.wait'],
    [{ name: '', steps: [{ syncId: made.syncId }] }, 'name'],
    [{ name: 'n', steps: [{ syncId: made.syncId }], paused: true }, 'paused'],
  ];
  for (const [body, field] of bodies) {
    const refused = await send('POST', '/sync-sequences', { body });
    expect(refused.status, refused.text).toBe(422);
    expect(Object.keys(refused.json.details.fields)).toContain(field);
  }
  const unknown = { name: 'n', steps: [{ syncId: foreign.syncId }] };
  expect((await send('POST', '/sync-sequences', { body: unknown })).status).toBe(404);
  const inUse = await send('DELETE', `/syncs/${made.syncId}`);
  expect(inUse.status).toBe(409);
  expect(inUse.json.message).toContain('the sequence "acme"');
});
