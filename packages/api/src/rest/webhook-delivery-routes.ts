import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listDeliveries } from '@sluice/services/webhook/list-deliveries';
import { resendDelivery } from '@sluice/services/webhook/resend-delivery';
import { testWebhook } from '@sluice/services/webhook/test-webhook';
import { CursorQuery, cursorPageOf } from './cursor-page.ts';
import { errors, guard, invalid, json, notFound, optionalBody } from './guard.ts';
import { DeliveryParameters, IdParameters } from './id-parameters.ts';
import type { RestEnv } from './rest-env.ts';
import { DeliveryJson, deliveryJson } from './webhook-json.ts';

const tags = ['Webhooks'];
const manage = guard('webhook.manage');
const queued = { 204: { description: 'Queued' }, ...errors, ...notFound, ...invalid };
const nothing = optionalBody(z.strictObject({}));

const list = createRoute({
  ...manage,
  tags,
  method: 'get',
  path: '/webhooks/{id}/deliveries',
  summary: 'List what was sent to a webhook and what came back, newest first',
  request: { params: IdParameters, query: CursorQuery },
  responses: {
    ...json(cursorPageOf(DeliveryJson), 'A page of deliveries'),
    ...errors,
    ...notFound,
    ...invalid,
  },
});
const redeliver = createRoute({
  ...manage,
  tags,
  method: 'post',
  path: '/webhooks/{id}/deliveries/{deliveryId}/redeliver',
  summary: 'Send a delivery again: the same event, or at once when it waits',
  request: { params: DeliveryParameters, body: nothing },
  responses: queued,
});
const test = createRoute({
  ...manage,
  tags,
  method: 'post',
  path: '/webhooks/{id}/test',
  summary: 'Send the event webhook.test; the outcome appears among the deliveries',
  request: { params: IdParameters, body: nothing },
  responses: queued,
});

/** Routes about what was sent to an endpoint. */
export function addWebhookDeliveryRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(list, async ({ env, req, json: answer }) => {
    const input = { webhookId: req.valid('param').id, ...req.valid('query') };
    const { items, nextCursor } = await listDeliveries(env.services, env.actor, input);
    return answer({ data: items.map(deliveryJson), hasMore: nextCursor !== null, nextCursor }, 200);
  });
  app.openapi(redeliver, async ({ env, req, body: answer }) => {
    const { id: webhookId, deliveryId: id } = req.valid('param');
    await resendDelivery(env.services, env.actor, { webhookId, id });
    return answer(null, 204);
  });
  app.openapi(test, async ({ env, req, body: answer }) => {
    await testWebhook(env.services, env.actor, req.valid('param'));
    return answer(null, 204);
  });
}
