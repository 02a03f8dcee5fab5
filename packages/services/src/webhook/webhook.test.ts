import { createHmac } from 'node:crypto';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { type WebhookEvent, type WebhookPayload, webhookEvents } from '@sluice/domain/webhook';
import { type HttpServer, type ReceivedRequest, startHttpServer } from '@sluice/testing/http-server';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { cancelRun } from '../run/cancel-run.ts';
import { startRunExecutor } from '../run/start-run-executor.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { createWebhook } from './create-webhook.ts';
import { listDeliveries } from './list-deliveries.ts';
import { listWebhooks } from './list-webhooks.ts';
import { pruneDeliveries } from './prune-deliveries.ts';
import { removeWebhook } from './remove-webhook.ts';
import { resendDelivery } from './resend-delivery.ts';
import { rotateWebhookSecret } from './rotate-webhook-secret.ts';
import { retryDelay } from './send-delivery.ts';
import { startWebhookSender, type WebhookSender } from './start-webhook-sender.ts';
import { testWebhook } from './test-webhook.ts';
import { updateWebhook } from './update-webhook.ts';

let world: TestWorld;
let receiver: HttpServer;
let sender: WebhookSender;

beforeAll(async () => {
  receiver = await startHttpServer();
  world = await openTestWorld({ environment: { EGRESS_ALLOW: `127.0.0.1:${receiver.port}` }, workers: 0 });
  sender = startWebhookSender(world.ctx);
});
afterAll(async () => {
  await sender.stop({ withinMs: 0 });
  await Promise.all([world.close(), receiver.close()]);
});
beforeEach(async () => {
  await world.ctx.db.webhookEndpoint.deleteMany({});
  await world.ctx.db.run.deleteMany({});
  receiver.requests.length = 0;
  receiver.handle(() => ({}));
});

/** A sync that ends without a source: its database is refused, so each run fails at once. */
let modelNumber = 0;
async function failingSync(): Promise<number> {
  const { ctx, actor, sourceId, destinations } = world;
  modelNumber += 1;
  const model = await ctx.db.model.create({
    data: {
      workspaceId: actor.workspaceId,
      sourceId,
      name: `People ${modelNumber}`,
      slug: `people-${modelNumber}`,
      query: { queryType: 'raw_sql', sql: 'select 1 as id' },
      primaryKey: 'id',
      columns: [{ name: 'id', type: 'integer', nativeType: 'int4' }],
    },
  });
  const configuration: SyncConfigurationInput = { object: 'request', mode: 'trigger', triggers: ['added'] };
  const sync = await ctx.db.sync.create({
    data: {
      workspaceId: actor.workspaceId,
      modelId: model.id,
      destinationId: destinations.http,
      slug: `sync-${model.id}`,
      configuration: configuration as object,
      referencedColumns: ['id'],
    },
  });
  return sync.id;
}

const hook = (path = '/hook', events: readonly WebhookEvent[] = webhookEvents) =>
  createWebhook(world.ctx, world.actor, {
    name: 'Pager',
    url: `${receiver.url}${path}`,
    events: [...events],
  });
const deliveriesOf = async (webhookId: number) =>
  (await listDeliveries(world.ctx, world.actor, { webhookId, limit: 50 })).items;
const payload = (request: ReceivedRequest | undefined) => request?.json<WebhookPayload>();
const hurry = () => world.ctx.db.webhookDelivery.updateMany({ data: { nextAttemptAt: new Date(0) } });

function expectSigned(request: ReceivedRequest | undefined, secrets: readonly string[]): void {
  const header = request?.headers['sluice-signature'] ?? '';
  const [time = '', ...signatures] = header.split(',');
  const seconds = time.replace('t=', '');
  expect(Math.abs(Date.now() / 1000 - Number(seconds))).toBeLessThan(300);
  const expected = secrets.map((secret) =>
    createHmac('sha256', secret).update(`${seconds}.${request?.body}`).digest('hex'),
  );
  expect(signatures).toEqual(expected.map((signature) => `v1=${signature}`));
}

test('tells of a start and an end, signed, with what a receiver needs', async () => {
  const { webhook, secret } = await hook();
  expect(secret).toMatch(/^whsec_[\w-]{43}$/);
  const syncId = await failingSync();
  const executor = startRunExecutor(world.ctx, { slots: 1, perWorkspaceMax: 1, lookMs: 50 });
  try {
    const run = await world.run(syncId);
    await receiver.received(2);
    const [started, ended] = receiver.requests.toSorted((a, b) =>
      (payload(a)?.at ?? '').localeCompare(payload(b)?.at ?? ''),
    );
    expect(payload(started)).toMatchObject({
      version: 1,
      event: 'run.started',
      workspaceId: world.actor.workspaceId,
      sync: { id: syncId, slug: run.syncSlug, destination: 'API', destinationType: 'http-request' },
      run: { id: run.id, status: 'querying', finishedAt: null, counts: { queried: 0 } },
    });
    const event = { success: 'run.succeeded', warning: 'run.warning' }[run.status as string] ?? 'run.failed';
    expect(payload(ended)).toMatchObject({
      event,
      run: {
        id: run.id,
        status: run.status,
        finishedAt: run.finishedAt?.toISOString(),
        counts: run.counts,
        url: `http://localhost:3000/acme/runs/${run.id}`,
      },
    });
    expect(payload(ended)?.run?.error?.code).toBe(run.error?.code);
    for (const request of receiver.requests) {
      expect(request.method).toBe('POST');
      expect(request.headers['sluice-delivery']).toBe(payload(request)?.id);
      expectSigned(request, [secret]);
    }
    const deliveries = await until('both to be noted', async () => {
      const all = await deliveriesOf(webhook.id);
      return all.every(({ state }) => state === 'delivered') && all;
    });
    expect(deliveries.map(({ event, lastStatus, runId }) => [event, lastStatus, runId])).toEqual([
      [event, 200, run.id],
      ['run.started', 200, run.id],
    ]);
    const totals = await world.ctx.db.runTotal.findMany();
    expect(totals).toMatchObject([{ status: run.status, runs: 1n }]);
  } finally {
    await executor.stop({ withinMs: 1_000 });
  }
});

test('a run cancelled in the queue is told of; unwanted events and disabled endpoints are not', async () => {
  const wanted = await hook('/wanted', ['run.cancelled']);
  const other = await hook('/other', ['run.failed']);
  const silent = await hook('/silent');
  await updateWebhook(world.ctx, world.actor, { id: silent.webhook.id, disabled: true });
  const run = await world.trigger(await failingSync());
  await cancelRun(world.ctx, world.actor, { id: run.id });
  await receiver.received(1);
  expect(receiver.requests.map(({ path }) => path)).toEqual(['/wanted']);
  expect(payload(receiver.requests[0])).toMatchObject({ event: 'run.cancelled', run: { id: run.id } });
  expect(await deliveriesOf(wanted.webhook.id)).toHaveLength(1);
  expect(await deliveriesOf(other.webhook.id)).toEqual([]);
  expect(await deliveriesOf(silent.webhook.id)).toEqual([]);
});

test('is sent again after a refusal, with the same id and body, and shows the last answer', async () => {
  const { webhook } = await hook();
  receiver.handle(() => ({ status: 503, body: 'down for maintenance' }));
  await testWebhook(world.ctx, world.actor, { id: webhook.id });
  sender.wake();
  const refused = await until('the refusal', async () => {
    const [delivery] = await deliveriesOf(webhook.id);
    return delivery?.lastStatus ? delivery : null;
  });
  expect(refused).toMatchObject({
    state: 'pending',
    attempts: 1,
    lastStatus: 503,
    lastAnswer: 'down for maintenance',
  });
  expect(refused.nextAttemptAt?.getTime()).toBeGreaterThan(Date.now() + 3_000);
  receiver.handle(() => ({ status: 204 }));
  await hurry();
  sender.wake();
  const taken = await until('the delivery', async () => {
    const [delivery] = await deliveriesOf(webhook.id);
    return delivery?.state === 'delivered' ? delivery : null;
  });
  expect(taken).toMatchObject({ lastStatus: 204, nextAttemptAt: null, event: 'webhook.test' });
  expect(receiver.requests).toHaveLength(2);
  expect(new Set(receiver.requests.map(({ body }) => body)).size).toBe(1);
});

test('gives up after 24 hours, and can be sent again by hand under the same id', async () => {
  const { webhook } = await hook();
  receiver.handle(() => ({ status: 500 }));
  await testWebhook(world.ctx, world.actor, { id: webhook.id });
  await world.ctx.db.webhookDelivery.updateMany({
    data: { createdAt: new Date(Date.now() - 24 * 3_600_000) },
  });
  sender.wake();
  const failed = await until('the end', async () =>
    (await deliveriesOf(webhook.id)).find(({ state }) => state === 'failed'),
  );
  receiver.handle(() => ({}));
  await resendDelivery(world.ctx, world.actor, { webhookId: webhook.id, id: failed.id });
  sender.wake();
  const again = await until('the second delivery', async () =>
    (await deliveriesOf(webhook.id)).find(({ state }) => state === 'delivered'),
  );
  expect(again).toMatchObject({ eventId: failed.eventId, attempts: 1 });
  expect(again.id).not.toBe(failed.id);
});

test('is not sent again before the receiver asked for', async () => {
  const { webhook } = await hook();
  receiver.handle(() => ({ status: 429, headers: { 'retry-after': '7200' } }));
  await testWebhook(world.ctx, world.actor, { id: webhook.id });
  sender.wake();
  const refused = await until('the refusal', async () => {
    const [delivery] = await deliveriesOf(webhook.id);
    return delivery?.lastStatus ? delivery : null;
  });
  expect(refused).toMatchObject({ state: 'pending', lastStatus: 429 });
  const waitMs = Number(refused.nextAttemptAt) - Date.now();
  expect(waitMs).toBeGreaterThan(7_100_000);
  expect(waitMs).toBeLessThanOrEqual(7_200_000);
});

test('an endpoint that took nothing for five days is disabled with a reason, and can be enabled', async () => {
  const { ctx, actor } = world;
  const { webhook } = await hook();
  receiver.handle(() => ({ status: 502 }));
  const endpoint = async () => (await listWebhooks(ctx, actor)).find(({ id }) => id === webhook.id);
  /** One event whose 24 hours are over: the next attempt is its last. */
  const giveUp = async () => {
    const { id } = await ctx.db.webhookDelivery.create({
      data: {
        workspaceId: actor.workspaceId,
        endpointId: webhook.id,
        event: 'webhook.test',
        snapshot: { at: new Date().toISOString(), workspaceSlug: 'acme', sync: null, run: null },
        createdAt: new Date(Date.now() - 24 * 3_600_000),
      },
    });
    sender.wake();
    await until('the end', async () =>
      (await deliveriesOf(webhook.id)).some((one) => one.id === Number(id) && one.state === 'failed'),
    );
  };
  const failFor = (days: number) =>
    ctx.db.webhookEndpoint.updateMany({ data: { failingSince: new Date(Date.now() - days * 86_400_000) } });
  await giveUp();
  const failing = await until('the note', async () => {
    const now = await endpoint();
    return now?.failingSince ? now : null;
  });
  expect(failing).toMatchObject({ disabled: false, disabledReason: null });
  await failFor(4.9);
  await giveUp();
  expect(await endpoint()).toMatchObject({ disabled: false });
  await failFor(5.1);
  await giveUp();
  const disabled = await until('the end of the endpoint', async () => {
    const now = await endpoint();
    return now?.disabled ? now : null;
  });
  expect(disabled.disabledReason).toBe('Nothing was taken for 5 days: the last answer was 502.');
  const entry = await ctx.db.auditEntry.findFirst({ orderBy: { id: 'desc' } });
  expect(entry).toMatchObject({ action: 'webhook.update', actor: 'Sluice', subjectId: webhook.id });

  // Sending back what was read keeps the reason; enabling forgets it, and one delivery ends the count.
  await updateWebhook(ctx, actor, { id: webhook.id, disabled: true });
  expect((await endpoint())?.disabledReason).not.toBeNull();
  await updateWebhook(ctx, actor, { id: webhook.id, disabled: false });
  expect(await endpoint()).toMatchObject({ disabled: false, disabledReason: null, failingSince: null });
  await failFor(6);
  receiver.handle(() => ({}));
  await testWebhook(ctx, actor, { id: webhook.id });
  sender.wake();
  await until('the end of the count', async () => (await endpoint())?.failingSince === null);
});

test('two secrets sign while rotating, one afterwards; neither is stored in clear', async () => {
  const { webhook, secret } = await hook();
  const { secret: next } = await rotateWebhookSecret(world.ctx, world.actor, {
    id: webhook.id,
    overlapHours: 24,
  });
  const sendTest = async () => {
    const count = receiver.requests.length;
    await testWebhook(world.ctx, world.actor, { id: webhook.id });
    sender.wake();
    await receiver.received(count + 1);
    return receiver.requests.at(-1);
  };
  expectSigned(await sendTest(), [next, secret]);
  await world.ctx.db.webhookEndpoint.updateMany({ data: { previousExpiresAt: new Date(0) } });
  expectSigned(await sendTest(), [next]);
  const stored = JSON.stringify(await world.ctx.db.webhookEndpoint.findMany());
  expect(stored).not.toContain(secret);
  expect(stored).not.toContain(next);
  expect(JSON.stringify(await listWebhooks(world.ctx, world.actor))).not.toContain('whsec_');
  expect(world.ctx.logged.join('')).not.toContain(next);
});

test('a receiver that never answers keeps neither runs nor other receivers waiting', async () => {
  const slow = await hook('/slow');
  const fast = await hook('/fast');
  receiver.handle(({ path }) => (path === '/slow' ? { fault: 'hang' } : {}));
  const executor = startRunExecutor(world.ctx, { slots: 4, perWorkspaceMax: 4, lookMs: 50 });
  try {
    const syncs = await Promise.all([failingSync(), failingSync(), failingSync()]);
    await Promise.all(syncs.map((id) => world.run(id)));
    await until('the fast one to hear of all', async () => {
      const all = await deliveriesOf(fast.webhook.id);
      return all.length === 6 && all.every(({ state }) => state === 'delivered');
    });
    const waiting = await deliveriesOf(slow.webhook.id);
    expect(waiting.map(({ state }) => state)).toEqual(Array(6).fill('pending'));
    const [first] = (await listWebhooks(world.ctx, world.actor)).filter(({ pending }) => pending > 0);
    expect(first).toMatchObject({ id: slow.webhook.id, pending: 6 });
    expect(receiver.requests.filter(({ path }) => path === '/slow').length).toBeLessThanOrEqual(2);
  } finally {
    await executor.stop({ withinMs: 1_000 });
    await removeWebhook(world.ctx, world.actor, { id: slow.webhook.id });
  }
});

test('what a worker left in the middle is sent by the next one', async () => {
  const { webhook } = await hook();
  await updateWebhook(world.ctx, world.actor, { id: webhook.id, disabled: true });
  await testWebhook(world.ctx, world.actor, { id: webhook.id });
  // As after a kill: taken once, no outcome, its time over.
  await world.ctx.db.webhookDelivery.updateMany({
    data: { attempts: 1, lastAttemptAt: new Date(0), nextAttemptAt: new Date(0) },
  });
  await updateWebhook(world.ctx, world.actor, { id: webhook.id, disabled: false });
  sender.wake();
  await receiver.received(1);
  await until('the outcome', async () => (await deliveriesOf(webhook.id))[0]?.state === 'delivered');
  expect(await deliveriesOf(webhook.id)).toMatchObject([{ attempts: 2 }]);
});

test('refuses addresses inside the network, and hosts that do not exist', async () => {
  const { ctx, actor } = world;
  const input = { name: 'n', events: [...webhookEvents] };
  for (const url of ['http://169.254.169.254/latest', 'http://localhost:1/', 'http://[::1]:80/']) {
    const failure = await failureOf(createWebhook(ctx, actor, { ...input, url }));
    expect(failure).toMatchObject({ code: 'egress_refused', fields: { url: expect.any(String) } });
  }
  const unknown = await failureOf(createWebhook(ctx, actor, { ...input, url: 'https://nowhere.invalid/' }));
  expect(unknown).toMatchObject({ code: 'input_invalid', fields: { url: expect.any(String) } });
  const { webhook } = await hook();
  const moved = { id: webhook.id, url: 'http://10.0.0.1/' };
  expect((await failureOf(updateWebhook(ctx, actor, moved))).code).toBe('egress_refused');
});

test('waits longer each time, an hour at most', () => {
  const delays = [1, 2, 3, 8, 50].map(retryDelay);
  expect(delays.every((delay) => delay >= 5_000 && delay <= 3_600_000)).toBe(true);
  expect(delays[4]).toBeGreaterThanOrEqual(1_800_000);
});

test('old deliveries are removed with the retention of the workspace', async () => {
  const { webhook } = await hook();
  await updateWebhook(world.ctx, world.actor, { id: webhook.id, disabled: true });
  for (let count = 0; count < 2; count += 1) await testWebhook(world.ctx, world.actor, { id: webhook.id });
  const [old] = await deliveriesOf(webhook.id);
  await world.ctx.db.webhookDelivery.updateMany({
    where: { id: old?.id ?? 0 },
    data: { state: 'failed', createdAt: new Date(Date.now() - 31 * 86_400_000) },
  });
  expect(await pruneDeliveries(world.ctx.db)).toBe(1);
  expect(await deliveriesOf(webhook.id)).toHaveLength(1);
});
