import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { SluiceError } from '@sluice/domain/error';
import { listDbtProjects } from '@sluice/services/dbt-project/list-dbt-projects';
import { createModel } from '@sluice/services/model/create-model';
import { getModel } from '@sluice/services/model/get-model';
import { listModelPage } from '@sluice/services/model/list-model-page';
import { removeModel } from '@sluice/services/model/remove-model';
import { updateModel } from '@sluice/services/model/update-model';
import { body, conflict, errors, guard, invalid, json, notFound } from './guard.ts';
import { IdParameters } from './id-parameters.ts';
import { NamedListQuery, pageJson, pageOf } from './list.ts';
import { looseBoolean } from './loose.ts';
import { CreateModelJson, ModelJson, modelJson, queryOf, UpdateModelJson } from './model-json.ts';
import { assertUnchanged } from './read-only.ts';
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
    query: NamedListQuery.extend({
      tags: z
        .union([z.string(), z.array(z.string())])
        .optional()
        .describe('key:value, repeated: models that carry all of them.'),
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
    const page = await listModelPage(env.services, env.actor, { ...query, tags: tagsOf(wanted) });
    return answer(
      pageJson(page, (view) => modelJson(env, view)),
      200,
    );
  });
  app.openapi(get, async ({ env, req, json: answer }) => {
    const view = await getModel(env.services, env.actor, req.valid('param'));
    return answer(modelJson(env, view), 200);
  });
  app.openapi(create, async ({ env, req, json: answer }) => {
    const body = req.valid('json');
    const query = queryOf(body, await projectsOf(env, body, body.sourceId));
    if (!query) throw queryMissing();
    const { name, slug, description, sourceId, primaryKey, tags: given } = body;
    const input = {
      name,
      slug,
      description,
      sourceId,
      primaryKey,
      tags: given,
      query,
      ...req.valid('query'),
    };
    const view = await createModel(env.services, env.actor, input, req.raw);
    return answer(modelJson(env, view), 200);
  });
  app.openapi(update, async ({ env, req, json: answer }) => {
    const body = req.valid('json');
    const { id } = req.valid('param');
    const { name, description, primaryKey, tags: given, acceptFullResync, rollout, slug, sourceId } = body;
    const current = await getModel(env.services, env.actor, { id });
    const query = queryOf(body, await projectsOf(env, body, current.sourceId), current.query);
    assertUnchanged({ slug, sourceId }, current);
    const input = { id, name, description, primaryKey, tags: given, acceptFullResync, rollout, query };
    const view = await updateModel(env.services, env.actor, input, req.raw);
    return answer(modelJson(env, view), 200);
  });
  app.openapi(remove, async ({ env, req, body: answer }) => {
    await removeModel(env.services, env.actor, req.valid('param'));
    return answer(null, 204);
  });
}

/** The dbt projects that a body may mean. */
async function projectsOf(
  env: RestEnv['Bindings'],
  { dbt }: { dbt?: unknown },
  sourceId: number,
): Promise<{ id: number; slug: string }[]> {
  return dbt ? listDbtProjects(env.services, env.actor, { sourceId }) : [];
}

/** `key:value` pairs; a value may hold colons. */
function tagsOf(wanted: string | string[] | undefined): Record<string, string> {
  const pairs = [wanted ?? []].flat().map((tag) => {
    const colon = tag.indexOf(':');
    if (colon < 1) throw tagInvalid(tag);
    return [tag.slice(0, colon), tag.slice(colon + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

const tagInvalid = (tag: string) =>
  new SluiceError('input_invalid', `"${tag}" is not a tag.`, { fields: { tags: 'Write key:value.' } });

const queryMissing = () =>
  new SluiceError('input_invalid', 'The model has no query.', {
    fields: {
      queryType: 'Send queryType raw_sql with raw.sql, table with table.name, or dbt with dbt.dbtUniqueId.',
    },
  });
