import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { createWebhook } from '@sluice/services/webhook/create-webhook';
import { getWebhook } from '@sluice/services/webhook/get-webhook';
import { listWebhooks } from '@sluice/services/webhook/list-webhooks';
import { removeWebhook } from '@sluice/services/webhook/remove-webhook';
import { rotateWebhookSecret } from '@sluice/services/webhook/rotate-webhook-secret';
import { updateWebhook } from '@sluice/services/webhook/update-webhook';
import { body, errors, guard, invalid, json, notFound, optionalBody } from './guard.ts';
import { IdParameters } from './id-parameters.ts';
import { pageOf } from './list.ts';
import type { RestEnv } from './rest-env.ts';
import {
  CreateWebhookJson,
  NewWebhookJson,
  RotateWebhookJson,
  UpdateWebhookJson,
  WebhookJson,
  webhookJson,
} from './webhook-json.ts';

const tags = ['Webhooks'];
const manage = guard('webhook.manage');
const one = json(WebhookJson, 'The webhook');

const list = createRoute({
  ...manage,
  tags,
  method: 'get',
  path: '/webhooks',
  summary: 'List webhooks: addresses that hear of runs',
  responses: { ...json(pageOf(WebhookJson), 'Every webhook: at most 20'), ...errors },
});
const get = createRoute({
  ...manage,
  tags,
  method: 'get',
  path: '/webhooks/{id}',
  summary: 'Get a webhook',
  request: { params: IdParameters },
  responses: { ...one, ...errors, ...notFound },
});
const create = createRoute({
  ...manage,
  tags,
  method: 'post',
  path: '/webhooks',
  summary: 'Create a webhook; its secret is only in this answer',
  request: { body: body(CreateWebhookJson) },
  responses: { ...json(NewWebhookJson, 'The webhook with its secret'), ...errors, ...invalid },
});
const update = createRoute({
  ...manage,
  tags,
  method: 'patch',
  path: '/webhooks/{id}',
  summary: 'Change, disable or enable a webhook: fields that are left out keep their value',
  request: { params: IdParameters, body: body(UpdateWebhookJson) },
  responses: { ...one, ...errors, ...notFound, ...invalid },
});
const remove = createRoute({
  ...manage,
  tags,
  method: 'delete',
  path: '/webhooks/{id}',
  summary: 'Remove a webhook with its deliveries',
  request: { params: IdParameters },
  responses: { 204: { description: 'Removed' }, ...errors, ...notFound },
});
const rotate = createRoute({
  ...manage,
  tags,
  method: 'post',
  path: '/webhooks/{id}/rotate-secret',
  summary: 'Give a webhook a new secret; the old one signs too for a while',
  request: { params: IdParameters, body: optionalBody(RotateWebhookJson) },
  responses: {
    ...json(NewWebhookJson, 'The webhook with its new secret'),
    ...errors,
    ...notFound,
    ...invalid,
  },
});

/** Routes below `/webhooks` that are about endpoints themselves. */
export function addWebhookRoutes(app: OpenAPIHono<RestEnv>): void {
  const shown = async (env: RestEnv['Bindings'], id: number) =>
    webhookJson(env.actor.workspaceId, await getWebhook(env.services, env.actor, { id }));

  app.openapi(list, async ({ env, json: answer }) => {
    const views = await listWebhooks(env.services, env.actor);
    const data = views.map((view) => webhookJson(env.actor.workspaceId, view));
    return answer({ data, hasMore: false }, 200);
  });
  app.openapi(get, async ({ env, req, json: answer }) =>
    answer(await shown(env, req.valid('param').id), 200),
  );
  app.openapi(create, async ({ env, req, json: answer }) => {
    const { name, url, events } = req.valid('json');
    const { webhook, secret } = await createWebhook(env.services, env.actor, { name, url, events });
    return answer({ ...webhookJson(env.actor.workspaceId, webhook), secret }, 200);
  });
  app.openapi(update, async ({ env, req, json: answer }) => {
    const { id } = req.valid('param');
    const { name, url, events, disabled } = req.valid('json');
    await updateWebhook(env.services, env.actor, { id, name, url, events, disabled });
    return answer(await shown(env, id), 200);
  });
  app.openapi(remove, async ({ env, req, body: answer }) => {
    await removeWebhook(env.services, env.actor, req.valid('param'));
    return answer(null, 204);
  });
  app.openapi(rotate, async ({ env, req, json: answer }) => {
    const { id } = req.valid('param');
    const { secret } = await rotateWebhookSecret(env.services, env.actor, { id, ...req.valid('json') });
    return answer({ ...(await shown(env, id)), secret }, 200);
  });
}
