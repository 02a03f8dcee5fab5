import { toJson } from '@sluice/db/json';
import type { Actor } from '@sluice/domain/actor';
import type { TokenScope } from '@sluice/domain/permission';
import { createTestMember } from '@sluice/services/testing/create-test-member';
import { createTestSync } from '@sluice/services/testing/create-test-sync';
import { openTestContext, type TestContext } from '@sluice/services/testing/open-test-context';
import { createToken } from '@sluice/services/token/create-token';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedRest, serveRest } from '../testing/serve-rest.ts';

let ctx: TestContext;
let rest: ServedRest;
let actor: Actor;
let token: string;

beforeAll(async () => {
  ctx = await openTestContext();
  rest = await serveRest(ctx);
  ({ actor } = await createTestMember(ctx, 'acme', 'admin'));
  token = await newToken('trigger');
});
afterAll(async () => {
  await rest.close();
  await ctx.close();
});

async function newToken(scope: TokenScope): Promise<string> {
  const input = { name: scope, scope, expiresInDays: 1, syncIds: null };
  return (await createToken(ctx, actor, input)).secret;
}

const send = (method: string, path: string, body?: object, as = token) =>
  rest.send(method, `/api/v1${path}`, {
    headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });

test('says why a schedule holds still and what it missed, holds it and lets it go on', async () => {
  const { id } = await createTestSync(ctx, actor.workspaceId);
  const nextRunAt = new Date(Date.now() + 3_600_000);
  const schedule = toJson({ type: 'interval', schedule: { interval: { unit: 'hour', quantity: 1 } } });
  await ctx.db.sync.update({ where: { id }, data: { schedule, nextRunAt } });
  const healthy = await send('GET', `/syncs/${id}/health`);
  expect(healthy.json).toEqual({
    failures: 0,
    nextRunAt: nextRunAt.toISOString(),
    pause: null,
    missed: [],
  });

  const paused = await send('POST', `/syncs/${id}/pause`);
  expect(paused.json.pause).toMatchObject({ kind: 'person', waitsFor: 'decision', code: null, until: null });
  const at = new Date('2026-11-22T09:00:00.000Z');
  await ctx.db.missedSchedule.create({
    data: { workspaceId: actor.workspaceId, syncId: id, reason: 'paused', firstAt: at, lastAt: at, times: 1 },
  });
  expect((await send('GET', `/syncs/${id}/health`)).json.missed).toMatchObject([
    { reason: 'paused', firstAt: at.toISOString(), times: 1, endedAt: null },
  ]);

  const skipped = await send('POST', `/syncs/${id}/resume`, { catchUp: false });
  expect(skipped.json).toMatchObject({ pause: null, nextRunAt: nextRunAt.toISOString() });
  expect(skipped.json.missed[0].endedAt).not.toBeNull();
  // Nothing to resume: the same answer.
  expect((await send('POST', `/syncs/${id}/resume`)).json.pause).toBeNull();
  expect((await send('POST', `/syncs/${id}/resume`, { catchup: true })).status).toBe(422);
});

test('lets only those pause who may trigger, and only what is theirs', async () => {
  const { id } = await createTestSync(ctx, actor.workspaceId);
  const { actor: stranger } = await createTestMember(ctx, 'other', 'admin');
  const { id: foreign } = await createTestSync(ctx, stranger.workspaceId);
  const reader = await newToken('read');
  expect((await send('GET', `/syncs/${id}/health`, undefined, reader)).status).toBe(200);
  expect((await send('POST', `/syncs/${id}/pause`, undefined, reader)).status).toBe(403);
  for (const path of ['pause', 'resume']) {
    expect((await send('POST', `/syncs/${foreign}/${path}`)).status).toBe(404);
  }
  expect((await send('GET', `/syncs/${foreign}/health`)).status).toBe(404);
});
