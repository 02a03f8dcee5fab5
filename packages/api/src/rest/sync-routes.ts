import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { SyncView } from '@sluice/domain/sync';
import { createSync } from '@sluice/services/sync/create-sync';
import { getSync } from '@sluice/services/sync/get-sync';
import { listSyncs } from '@sluice/services/sync/list-syncs';
import { removeSync } from '@sluice/services/sync/remove-sync';
import { updateSync } from '@sluice/services/sync/update-sync';
import { body, conflict, errors, guard, invalid, json, notFound } from './guard.ts';
import { IdParameters } from './id-parameters.ts';
import { ListQuery, pageFrom, pageOf } from './list.ts';
import { looseId, looseTime } from './loose.ts';
import type { RestEnv } from './rest-env.ts';
import {
  CreateSyncJson,
  mergedConfiguration,
  SyncJson,
  scheduleOf,
  syncJson,
  UpdateSyncJson,
} from './sync-json.ts';

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
      modelId: looseId.optional(),
      /** Syncs whose newest run was triggered after (before) this time. */
      after: looseTime.optional(),
      before: looseTime.optional(),
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
    const { modelId, after, before, ...query } = req.valid('query');
    const views = (await listSyncs(env.services, env.actor)).filter(
      (view) => (modelId === undefined || view.modelId === modelId) && ranWithin(view, after, before),
    );
    const page = pageFrom(views, query);
    return answer({ ...page, data: page.data.map((view) => syncJson(env.actor.workspaceId, view)) }, 200);
  });
  app.openapi(get, async ({ env, req, json: answer }) => {
    const view = await getSync(env.services, env.actor, req.valid('param'));
    return answer(syncJson(env.actor.workspaceId, view), 200);
  });
  app.openapi(create, async ({ env, req, json: answer }) => {
    const { schedule, ...fields } = req.valid('json');
    const input = { ...fields, schedule: scheduleOf(schedule) ?? null };
    const view = await createSync(env.services, env.actor, input, req.raw);
    return answer(syncJson(env.actor.workspaceId, view), 200);
  });
  app.openapi(update, async ({ env, req, json: answer }) => {
    const { schedule, configuration, ...fields } = req.valid('json');
    const { id } = req.valid('param');
    const current = configuration && (await getSync(env.services, env.actor, { id })).configuration;
    const input = {
      ...fields,
      id,
      schedule: scheduleOf(schedule),
      ...(current && { configuration: mergedConfiguration(current, configuration) }),
    };
    const view = await updateSync(env.services, env.actor, input, req.raw);
    return answer(syncJson(env.actor.workspaceId, view), 200);
  });
  app.openapi(remove, async ({ env, req, body: answer }) => {
    await removeSync(env.services, env.actor, req.valid('param'));
    return answer(null, 204);
  });
}

function ranWithin({ lastRunAt }: SyncView, after: Date | undefined, before: Date | undefined): boolean {
  if (after && !(lastRunAt && lastRunAt > after)) return false;
  return !before || (lastRunAt !== null && lastRunAt < before);
}
