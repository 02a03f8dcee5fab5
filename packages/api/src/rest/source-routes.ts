import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Actor } from '@sluice/domain/actor';
import type { SourceView } from '@sluice/domain/connection';
import { createSource } from '@sluice/services/source/create-source';
import { getSource } from '@sluice/services/source/get-source';
import { listSourcePage } from '@sluice/services/source/list-source-page';
import { removePlannerTables } from '@sluice/services/source/remove-planner-tables';
import { removeSource } from '@sluice/services/source/remove-source';
import { updateSource } from '@sluice/services/source/update-source';
import { CreateConnectionJson, connectionJson, SourceJson, UpdateConnectionJson } from './connection-json.ts';
import { body, conflict, errors, guard, invalid, json, notFound } from './guard.ts';
import { IdParameters } from './id-parameters.ts';
import { NamedListQuery, pageJson, pageOf } from './list.ts';
import { assertUnchanged } from './read-only.ts';
import type { RestEnv } from './rest-env.ts';

const tags = ['Sources'];
const one = json(SourceJson, 'The source');

const list = createRoute({
  ...guard('source.read'),
  tags,
  method: 'get',
  path: '/sources',
  summary: 'List sources',
  request: { query: NamedListQuery },
  responses: { ...json(pageOf(SourceJson), 'A page of sources'), ...errors, ...invalid },
});
const get = createRoute({
  ...guard('source.read'),
  tags,
  method: 'get',
  path: '/sources/{id}',
  summary: 'Get a source',
  request: { params: IdParameters },
  responses: { ...one, ...errors, ...notFound },
});
const create = createRoute({
  ...guard('source.write'),
  tags,
  method: 'post',
  path: '/sources',
  summary: 'Create a source',
  request: { body: body(CreateConnectionJson) },
  responses: { ...one, ...errors, ...conflict, ...invalid },
});
const update = createRoute({
  ...guard('source.write'),
  tags,
  method: 'patch',
  path: '/sources/{id}',
  summary: 'Change a source: fields that are left out keep their value',
  request: { params: IdParameters, body: body(UpdateConnectionJson) },
  responses: { ...one, ...errors, ...notFound, ...conflict, ...invalid },
});
const remove = createRoute({
  ...guard('source.write'),
  tags,
  method: 'delete',
  path: '/sources/{id}',
  summary: 'Remove a source that nothing uses',
  request: { params: IdParameters },
  responses: { 204: { description: 'Removed' }, ...errors, ...notFound, ...conflict },
});
const removeTables = createRoute({
  ...guard('source.write'),
  tags,
  method: 'delete',
  path: '/sources/{id}/planner-tables',
  summary: 'Remove the tables that the planner made in a source; the next runs read every row once',
  request: { params: IdParameters },
  responses: {
    ...json(z.object({ removed: z.number().int().describe('Syncs that had tables') }), 'What was removed'),
    ...errors,
    ...notFound,
    ...invalid,
  },
});

/** Routes below `/sources`. */
export function addSourceRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(list, async ({ env, req, json: answer }) => {
    const page = await listSourcePage(env.services, env.actor, req.valid('query'));
    return answer(
      pageJson(page, (view) => sourceJson(env.actor, view)),
      200,
    );
  });
  app.openapi(get, async ({ env, req, json: answer }) =>
    answer(sourceJson(env.actor, await getSource(env.services, env.actor, req.valid('param'))), 200),
  );
  app.openapi(create, async ({ env, req, json: answer }) => {
    const { name, slug, type, configuration } = req.valid('json');
    const input = { name, slug, type, configuration };
    return answer(sourceJson(env.actor, await createSource(env.services, env.actor, input)), 200);
  });
  app.openapi(update, async ({ env, req, json: answer }) => {
    const { name, configuration, slug, type } = req.valid('json');
    const { id } = req.valid('param');
    assertUnchanged({ slug, type }, await getSource(env.services, env.actor, { id }));
    const view = await updateSource(env.services, env.actor, { id, name, configuration });
    return answer(sourceJson(env.actor, view), 200);
  });
  app.openapi(remove, async ({ env, req, body: answer }) => {
    await removeSource(env.services, env.actor, req.valid('param'));
    return answer(null, 204);
  });
  app.openapi(removeTables, async ({ env, req, json: answer }) => {
    const { signal } = req.raw;
    return answer(await removePlannerTables(env.services, env.actor, req.valid('param'), { signal }), 200);
  });
}

const sourceJson = (actor: Actor, view: SourceView) => connectionJson(actor, view);
