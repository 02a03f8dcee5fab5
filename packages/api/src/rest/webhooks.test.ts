// Webhooks over real HTTP: kept by programs as people keep them in the console.
import { createTestMember, type TestMember } from '@sluice/services/testing/create-test-member';
import { createTestResources, type TestResources } from '@sluice/services/testing/create-test-resources';
import { openTestContext, type TestContext } from '@sluice/services/testing/open-test-context';
import { createToken } from '@sluice/services/token/create-token';
import { startWebhookSender } from '@sluice/services/webhook/start-webhook-sender';
import { type HttpServer, startHttpServer } from '@sluice/testing/http-server';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedRest, serveRest } from '../testing/serve-rest.ts';

let ctx: TestContext;
let rest: ServedRest;
let receiver: HttpServer;
let member: TestMember;
let made: TestResources;
let foreign: TestResources;
let admin: string;
beforeAll(async () => {
  receiver = await startHttpServer();
  ctx = await openTestContext({ EGRESS_ALLOW: `127.0.0.1:${receiver.port}` });
  member = await createTestMember(ctx, 'acme', 'admin');
  const stranger = await createTestMember(ctx, 'stranger');
  made = await createTestResources(ctx, member.actor.workspaceId, 'acme');
  foreign = await createTestResources(ctx, stranger.actor.workspaceId, 'stranger');
  admin = await token('admin', null);
  rest = await serveRest(ctx);
});
afterAll(async () => {
  await rest.close();
  await Promise.all([ctx.close(), receiver.close()]);
});

async function token(scope: 'write' | 'admin', syncIds: number[] | null): Promise<string> {
  const input = { name: scope, scope, expiresInDays: 1, syncIds };
  return (await createToken(ctx, member.actor, input)).secret;
}
const send = (method: string, path: string, body?: object, bearer = admin) =>
  rest.send(method, `/api/v1/webhooks${path}`, {
    headers: { authorization: `Bearer ${bearer}` },
    ...(body && { body: JSON.stringify(body) }),
  });
const wanted = () => ({ name: 'Pager', url: `${receiver.url}/hook`, events: ['run.failed', 'run.warning'] });

test('create, read, change, rotate, list and remove; the secret is in two answers only', async () => {
  const created = await send('POST', '', wanted());
  expect(created.status, created.text).toBe(200);
  const { secret, ...webhook } = created.json;
  expect(secret).toMatch(/^whsec_[\w-]{43}$/);
  expect(webhook).toEqual({
    id: expect.any(Number),
    workspaceId: member.actor.workspaceId,
    name: 'Pager',
    url: `${receiver.url}/hook`,
    events: ['run.warning', 'run.failed'],
    disabled: false,
    disabledReason: null,
    failingSince: null,
    previousSecretUntil: null,
    pending: 0,
    createdAt: expect.stringMatching(/Z$/),
  });
  const path = `/${webhook.id}`;
  expect((await send('GET', path)).json).toEqual(webhook);
  // What was read can be changed and sent back.
  const changed = await send('PATCH', path, { ...webhook, name: 'On call', disabled: 'true' });
  expect(changed.json).toEqual({ ...webhook, name: 'On call', disabled: true });
  const rotated = await send('POST', `${path}/rotate-secret`, { overlapHours: 1 });
  expect(rotated.json).toEqual({
    ...changed.json,
    previousSecretUntil: expect.stringMatching(/Z$/),
    secret: expect.stringMatching(/^whsec_/),
  });
  expect(rotated.json.secret).not.toBe(secret);
  const listed = (await send('GET', '')).json;
  expect(listed).toMatchObject({ hasMore: false });
  expect(listed.data.map(({ id }: { id: number }) => id)).toContain(webhook.id);
  expect(JSON.stringify(listed)).not.toContain('whsec_');
  expect((await send('DELETE', path)).status).toBe(204);
  expect((await send('GET', path)).status).toBe(404);
});

test('what was sent is listed with the answers, and is sent again on request', async () => {
  const { id } = (await send('POST', '', wanted())).json;
  const sender = startWebhookSender(ctx);
  try {
    expect((await send('POST', `/${id}/test`)).status).toBe(204);
    sender.wake();
    const [first] = await until('the delivery', async () => {
      const { data } = (await send('GET', `/${id}/deliveries`)).json;
      return data[0]?.state === 'delivered' ? data : null;
    });
    expect(first).toMatchObject({ event: 'webhook.test', lastStatus: 200, attempts: 1, nextAttemptAt: null });
    expect((await send('POST', `/${id}/deliveries/${first.id}/redeliver`)).status).toBe(204);
    sender.wake();
    await until('the second delivery', async () => {
      const page = (await send('GET', `/${id}/deliveries?limit=1`)).json;
      expect(page).toMatchObject({ hasMore: true, nextCursor: String(page.data[0].id) });
      expect(page.data[0].eventId).toBe(first.eventId);
      return page.data[0].state === 'delivered';
    });
    expect(receiver.requests.map(({ headers }) => headers['sluice-delivery'])).toEqual([
      first.eventId,
      first.eventId,
    ]);
  } finally {
    await sender.stop({ withinMs: 1_000 });
  }
});

test('is for tokens of the scope admin that see every sync; those of another workspace do not exist', async () => {
  const others = [await token('write', null), await token('admin', [made.syncId])];
  for (const bearer of others) {
    for (const [method, path, body] of [
      ['GET', ''],
      ['POST', '', wanted()],
      ['PATCH', `/${made.webhookId}`, {}],
      ['POST', `/${made.webhookId}/rotate-secret`],
      ['GET', `/${made.webhookId}/deliveries`],
      ['DELETE', `/${made.webhookId}`],
    ] as const) {
      const refused = await send(method, path, body, bearer);
      expect([method, path, refused.status]).toEqual([method, path, 403]);
    }
  }
  for (const [method, path, body] of [
    ['GET', ''],
    ['PATCH', '', { name: 'taken over' }],
    ['DELETE', ''],
    ['POST', '/rotate-secret'],
    ['POST', '/test'],
    ['GET', '/deliveries'],
    ['POST', `/deliveries/${foreign.deliveryId}/redeliver`],
  ] as const) {
    const refused = await send(method, `/${foreign.webhookId}${path}`, body);
    expect([method, path, refused.status]).toEqual([method, path, 404]);
  }
});

test('refuses by name what it does not know, and addresses inside the network', async () => {
  const unknown = await send('POST', '', { ...wanted(), colour: 'red', events: ['run.exploded'] });
  expect(unknown.status).toBe(422);
  expect(Object.keys(unknown.json.details.fields).toSorted()).toEqual(['colour', 'events.0']);
  const inside = await send('POST', '', { ...wanted(), url: 'http://169.254.169.254/latest' });
  expect(inside.json.details).toMatchObject({ code: 'egress_refused', fields: { url: expect.any(String) } });
});
