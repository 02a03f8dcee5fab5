import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { createSync } from '@sluice/services/sync/create-sync';
import { getSync } from '@sluice/services/sync/get-sync';
import { keepApiForm } from '@sluice/services/sync/keep-api-form';
import { listSyncPage } from '@sluice/services/sync/list-sync-page';
import { removeSync } from '@sluice/services/sync/remove-sync';
import { updateSync } from '@sluice/services/sync/update-sync';
import { keptForm } from './api-form.ts';
import { body, conflict, errors, guard, invalid, json, notFound } from './guard.ts';
import { IdParameters } from './id-parameters.ts';
import { ListQuery, pageJson, pageOf } from './list.ts';
import { looseIdFilter, looseTime } from './loose.ts';
import { assertUnchanged } from './read-only.ts';
import type { RestEnv } from './rest-env.ts';
import { scheduleOf } from './schedule-json.ts';
import { CreateSyncJson, mergedConfiguration, SyncJson, syncJson, UpdateSyncJson } from './sync-json.ts';

const tags = ['Syncs'];
const one = json(SyncJson, 'The sync');

const list = createRoute({
  ...guard('sync.read'),
  tags,
  method: 'get',
  path: '/syncs',
  summary: 'List syncs',
  request: {
    query: ListQuery.extend({
      modelId: looseIdFilter.optional(),
      after: looseTime.optional().describe('Syncs that were triggered last after this time.'),
      before: looseTime.optional().describe('Syncs that were triggered last before this time.'),
    }),
  },
  responses: { ...json(pageOf(SyncJson), 'A page of syncs'), ...errors, ...invalid },
});
const get = createRoute({
  ...guard('sync.read'),
  tags,
  method: 'get',
  path: '/syncs/{id}',
  summary: 'Get a sync',
  request: { params: IdParameters },
  responses: { ...one, ...errors, ...notFound },
});
const create = createRoute({
  ...guard('sync.write'),
  tags,
  method: 'post',
  path: '/syncs',
  summary: 'Create a sync',
  request: { body: body(CreateSyncJson) },
  responses: { ...one, ...errors, ...conflict, ...invalid },
});
const update = createRoute({
  ...guard('sync.write'),
  tags,
  method: 'patch',
  path: '/syncs/{id}',
  summary: 'Change a sync: fields that are left out keep their value',
  request: { params: IdParameters, body: body(UpdateSyncJson) },
  responses: { ...one, ...errors, ...notFound, ...conflict, ...invalid },
});
const remove = createRoute({
  ...guard('sync.write'),
  tags,
  method: 'delete',
  path: '/syncs/{id}',
  summary: 'Remove a sync with its runs',
  request: { params: IdParameters },
  responses: { 204: { description: 'Removed' }, ...errors, ...notFound, ...conflict },
});

/** Routes below `/syncs` that are about syncs themselves. */
export function addSyncRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(list, async ({ env, req, json: answer }) => {
    const page = await listSyncPage(env.services, env.actor, req.valid('query'));
    return answer(
      pageJson(page, (view) => syncJson(env, view)),
      200,
    );
  });
  app.openapi(get, async ({ env, req, json: answer }) => {
    const view = await getSync(env.services, env.actor, req.valid('param'));
    return answer(syncJson(env, view), 200);
  });
  app.openapi(create, async ({ env, req, json: answer }) => {
    const given = req.valid('json');
    const { slug, modelId, destinationId, disabled, tags } = given;
    const configuration = mergedConfiguration(null, given.configuration);
    const schedule = scheduleOf(given.schedule) ?? null;
    const input = { slug, modelId, destinationId, configuration, disabled, tags, schedule };
    const made = await createSync(env.services, env.actor, input, req.raw);
    const view = await keepApiForm(env.services, env.actor, made, keptForm(null, given, made));
    return answer(syncJson(env, view), 200);
  });
  app.openapi(update, async ({ env, req, json: answer }) => {
    const given = req.valid('json');
    const { slug, schedule, configuration, rollout, disabled, tags, modelId, destinationId } = given;
    const { id } = req.valid('param');
    const current = await getSync(env.services, env.actor, { id });
    assertUnchanged({ modelId, destinationId }, current);
    const input = {
      id,
      slug,
      disabled,
      tags,
      schedule: scheduleOf(schedule),
      configuration: configuration && mergedConfiguration(current.configuration, configuration),
      rollout,
    };
    const changed = await updateSync(env.services, env.actor, input, req.raw);
    const view = await keepApiForm(env.services, env.actor, changed, keptForm(current, given, changed));
    return answer(syncJson(env, view), 200);
  });
  app.openapi(remove, async ({ env, req, body: answer }) => {
    await removeSync(env.services, env.actor, req.valid('param'));
    return answer(null, 204);
  });
}
