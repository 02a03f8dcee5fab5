import { createTestMember } from '@sluice/services/testing/create-test-member';
import { createTestResources, type TestResources } from '@sluice/services/testing/create-test-resources';
import { openTestContext, type TestContext } from '@sluice/services/testing/open-test-context';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveMetrics } from './serve-metrics.ts';
import { type ServedRest, serveRest } from './testing/serve-rest.ts';

const token = 'operator-token-of-this-test';
let ctx: TestContext;
let rest: ServedRest;
let resources: TestResources;

beforeAll(async () => {
  ctx = await openTestContext({ METRICS_TOKEN: token });
  const { actor } = await createTestMember(ctx, 'victim');
  resources = await createTestResources(ctx, actor.workspaceId, 'victim');
  rest = await serveRest(ctx);
});
afterAll(() => Promise.all([rest.close(), ctx.close()]));

const scrape = (authorization?: string) =>
  serveMetrics(
    ctx,
    new Request('http://sluice.example/api/metrics', { headers: authorization ? { authorization } : {} }),
  );

test('is not there without a token, and closed without the right one', async () => {
  const closed = { ...ctx, settings: { ...ctx.settings, metricsToken: null } };
  const request = new Request('http://sluice.example/api/metrics', {
    headers: { authorization: `Bearer ${token}` },
  });
  expect((await serveMetrics(closed, request)).status).toBe(404);
  for (const wrong of [undefined, 'Bearer wrong', token, `Bearer ${token}x`, 'Bearer ']) {
    expect((await scrape(wrong)).status).toBe(401);
  }
});

test('counts runs, rows, the queue, webhooks and requests, and names nobody', async () => {
  const { workspaceId } = await ctx.db.run.findUniqueOrThrow({ where: { id: resources.runId } });
  const run = { workspaceId, syncId: resources.syncId, trigger: 'manual', triggeredBy: 'victim' };
  const hourAgo = new Date(Date.now() - 3_600_000);
  await ctx.db.run.create({ data: { ...run, status: 'queued', createdAt: hourAgo } });
  await ctx.db.run.create({ data: { ...run, status: 'processing' } });
  await ctx.db.runTotal.create({ data: { status: 'warning', runs: 3, delivered: 120, rejected: 4 } });
  await ctx.db.runTotal.create({ data: { status: 'success', runs: 2, delivered: 30 } });
  await ctx.db.webhookDelivery.create({
    data: { workspaceId, endpointId: resources.webhookId, event: 'run.failed', snapshot: {} },
  });
  const headers = { authorization: `Bearer ${resources.tokenSecret}` };
  await rest.send('GET', `/api/v1/syncs/${resources.syncId}`, { headers });
  await rest.send('GET', `/api/v1/syncs/${resources.syncId}`, { headers });
  await rest.send('GET', '/api/v1/no/such/address', { headers });
  await rest.send('GET', '/api/v1/syncs');

  const response = await scrape(`Bearer ${token}`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  const lines = text.split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'sluice_runs{status="queued"} 1',
      'sluice_runs{status="processing"} 1',
      'sluice_runs{status="querying"} 0',
      'sluice_runs_ended_total{status="warning"} 3',
      'sluice_runs_ended_total{status="failed"} 0',
      'sluice_rows_delivered_total 150',
      'sluice_rows_rejected_total 4',
      'sluice_webhook_deliveries_pending 1',
      'sluice_http_requests_total{api="rest",route="/api/v1/syncs/:id",method="GET",status="200"} 2',
      'sluice_http_requests_total{api="rest",route="none",method="GET",status="404"} 1',
      'sluice_http_requests_total{api="rest",route="none",method="GET",status="401"} 1',
      'sluice_http_request_duration_seconds_count{api="rest"} 4',
    ]),
  );
  const oldest = Number(/^sluice_queue_oldest_seconds (\S+)$/m.exec(text)?.[1]);
  expect(oldest).toBeGreaterThanOrEqual(3_600);
  for (const line of lines.filter((given) => given !== '' && !given.startsWith('#'))) {
    expect(line).toMatch(/^[a-z_]+(?:\{(?:[a-z]+="[^"]*",?)+\})? -?[\d.e+-]+$/);
  }
  expect(text).not.toContain('victim');
});
