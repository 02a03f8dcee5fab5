import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { SluiceError } from '@sluice/domain/error';
import type { ModelView } from '@sluice/domain/model';
import { createModel } from '@sluice/services/model/create-model';
import { getModel } from '@sluice/services/model/get-model';
import { listModels } from '@sluice/services/model/list-models';
import { removeModel } from '@sluice/services/model/remove-model';
import { updateModel } from '@sluice/services/model/update-model';
import { body, conflict, errors, guard, invalid, json, notFound } from './guard.ts';
import { IdParameters } from './id-parameters.ts';
import { ListQuery, pageFrom, pageOf } from './list.ts';
import { looseBoolean } from './loose.ts';
import { CreateModelJson, ModelJson, modelJson, queryOf, UpdateModelJson } from './model-json.ts';
import type { RestEnv } from './rest-env.ts';

const tags = ['Models'];
const one = json(ModelJson, 'The model');

const list = createRoute({
  ...guard('model.read'),
  tags,
  method: 'get',
  path: '/models',
  summary: 'List models',
  request: {
    query: ListQuery.extend({
      name: z.string().optional(),
      /** `key:value`, repeated: models that carry all of them. */
      tags: z.union([z.string(), z.array(z.string())]).optional(),
    }),
  },
  responses: { ...json(pageOf(ModelJson), 'A page of models'), ...errors, ...invalid },
});
const get = createRoute({
  ...guard('model.read'),
  tags,
  method: 'get',
  path: '/models/{id}',
  summary: 'Get a model',
  request: { params: IdParameters },
  responses: { ...one, ...errors, ...notFound },
});
const create = createRoute({
  ...guard('model.write'),
  tags,
  method: 'post',
  path: '/models',
  summary: 'Create a model; its query is run once for its columns',
  request: {
    query: z.object({ skipColumnQuery: looseBoolean.default(false) }),
    body: body(CreateModelJson),
  },
  responses: { ...one, ...errors, ...conflict, ...invalid },
});
const update = createRoute({
  ...guard('model.write'),
  tags,
  method: 'patch',
  path: '/models/{id}',
  summary: 'Change a model: fields that are left out keep their value',
  request: { params: IdParameters, body: body(UpdateModelJson) },
  responses: { ...one, ...errors, ...notFound, ...conflict, ...invalid },
});
const remove = createRoute({
  ...guard('model.write'),
  tags,
  method: 'delete',
  path: '/models/{id}',
  summary: 'Remove a model that no sync uses',
  request: { params: IdParameters },
  responses: { 204: { description: 'Removed' }, ...errors, ...notFound, ...conflict },
});

/** Routes below `/models`. */
export function addModelRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(list, async ({ env, req, json: answer }) => {
    const { tags: wanted, ...query } = req.valid('query');
    const views = await listModels(env.services, env.actor);
    const page = pageFrom(
      views.filter((view) => hasTags(view, wanted)),
      query,
    );
    return answer({ ...page, data: page.data.map((view) => modelJson(env.actor.workspaceId, view)) }, 200);
  });
  app.openapi(get, async ({ env, req, json: answer }) => {
    const view = await getModel(env.services, env.actor, req.valid('param'));
    return answer(modelJson(env.actor.workspaceId, view), 200);
  });
  app.openapi(create, async ({ env, req, json: answer }) => {
    const { isSchema, queryType, raw, table, sql, ...fields } = req.valid('json');
    const query = queryOf({ isSchema, queryType, raw, table, sql });
    if (!query) throw queryMissing();
    const input = { ...fields, query, ...req.valid('query') };
    const view = await createModel(env.services, env.actor, input, req.raw);
    return answer(modelJson(env.actor.workspaceId, view), 200);
  });
  app.openapi(update, async ({ env, req, json: answer }) => {
    const { isSchema, queryType, raw, table, sql, ...fields } = req.valid('json');
    const query = queryOf({ isSchema, queryType, raw, table, sql });
    const input = { ...fields, ...req.valid('param'), ...(query && { query }) };
    const view = await updateModel(env.services, env.actor, input, req.raw);
    return answer(modelJson(env.actor.workspaceId, view), 200);
  });
  app.openapi(remove, async ({ env, req, body: answer }) => {
    await removeModel(env.services, env.actor, req.valid('param'));
    return answer(null, 204);
  });
}

function hasTags(view: ModelView, wanted: string | string[] | undefined): boolean {
  return [wanted ?? []].flat().every((tag) => {
    const colon = tag.indexOf(':');
    return view.tags[tag.slice(0, colon)] === tag.slice(colon + 1);
  });
}

const queryMissing = () =>
  new SluiceError('input_invalid', 'The model has no query.', {
    fields: { queryType: 'Send queryType raw_sql with raw.sql, or table with table.name.' },
  });
