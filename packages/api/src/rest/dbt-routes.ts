import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { createDbtProject } from '@sluice/services/dbt-project/create-dbt-project';
import { getDbtProject } from '@sluice/services/dbt-project/get-dbt-project';
import { listDbtNodes } from '@sluice/services/dbt-project/list-dbt-nodes';
import { listDbtProjects } from '@sluice/services/dbt-project/list-dbt-projects';
import { refreshDbtProject } from '@sluice/services/dbt-project/refresh-dbt-project';
import { removeDbtProject } from '@sluice/services/dbt-project/remove-dbt-project';
import { updateDbtProject } from '@sluice/services/dbt-project/update-dbt-project';
import {
  CreateDbtProjectJson,
  DbtNodeJson,
  DbtProjectJson,
  dbtNodeJson,
  dbtProjectJson,
  ManifestReportJson,
  reportJson,
  UpdateDbtProjectJson,
} from './dbt-json.ts';
import { body, conflict, errors, guard, invalid, json, notFound } from './guard.ts';
import { IdParameters } from './id-parameters.ts';
import { pageOf } from './list.ts';
import { looseBoolean, looseCount, looseId } from './loose.ts';
import { assertUnchanged } from './read-only.ts';
import type { RestEnv } from './rest-env.ts';

const tags = ['dbt projects'];
const one = json(DbtProjectJson, 'The dbt project');

const list = createRoute({
  ...guard('model.read'),
  tags,
  method: 'get',
  path: '/dbt-projects',
  summary: 'List dbt projects',
  request: {
    query: z.object({ slug: z.string().max(400).optional(), sourceId: looseId.optional() }),
  },
  responses: { ...json(pageOf(DbtProjectJson), 'Every dbt project: at most 200'), ...errors, ...invalid },
});
const get = createRoute({
  ...guard('model.read'),
  tags,
  method: 'get',
  path: '/dbt-projects/{id}',
  summary: 'Get a dbt project',
  request: { params: IdParameters },
  responses: { ...one, ...errors, ...notFound },
});
const create = createRoute({
  ...guard('model.write'),
  tags,
  method: 'post',
  path: '/dbt-projects',
  summary: 'Create a dbt project; it is empty before its first manifest',
  request: { body: body(CreateDbtProjectJson) },
  responses: { ...one, ...errors, ...notFound, ...conflict, ...invalid },
});
const update = createRoute({
  ...guard('model.write'),
  tags,
  method: 'patch',
  path: '/dbt-projects/{id}',
  summary: 'Change a dbt project: fields that are left out keep their value',
  request: { params: IdParameters, body: body(UpdateDbtProjectJson) },
  responses: { ...one, ...errors, ...notFound, ...invalid },
});
const remove = createRoute({
  ...guard('model.write'),
  tags,
  method: 'delete',
  path: '/dbt-projects/{id}',
  summary: 'Remove a dbt project that no model follows',
  request: { params: IdParameters },
  responses: { 204: { description: 'Removed' }, ...errors, ...notFound, ...conflict },
});
const nodes = createRoute({
  ...guard('model.read'),
  tags,
  method: 'get',
  path: '/dbt-projects/{id}/nodes',
  summary: 'List models, snapshots, seeds and analyses, by name',
  request: {
    params: IdParameters,
    query: z.object({
      search: z.string().trim().max(200).default('').describe('In names, descriptions, columns and tags.'),
      limit: looseCount({ fallback: 100, max: 100, min: 1 }),
      cursor: z.string().max(200).optional().describe('nextCursor of the page before.'),
    }),
  },
  responses: {
    ...json(pageOf(DbtNodeJson).extend({ nextCursor: z.string().nullable() }), 'A page of nodes'),
    ...errors,
    ...notFound,
    ...invalid,
  },
});
const refresh = createRoute({
  ...guard('model.write'),
  tags,
  method: 'post',
  path: '/dbt-projects/{id}/refresh',
  summary: 'Fetch the manifest from the address of the project, and take it',
  request: {
    params: IdParameters,
    query: z.object({ apply: looseBoolean.default(true).describe('false: only say what it would change.') }),
  },
  responses: {
    ...json(ManifestReportJson, 'What it changed'),
    ...errors,
    ...notFound,
    ...conflict,
    ...invalid,
  },
});

/** Routes below `/dbt-projects` that are about projects themselves. */
export function addDbtRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(list, async ({ env, req, json: answer }) => {
    const { slug, sourceId } = req.valid('query');
    const views = await listDbtProjects(env.services, env.actor, { sourceId });
    const found = views.filter((view) => slug === undefined || view.slug === slug);
    const data = found.map((view) => dbtProjectJson(env.actor.workspaceId, view));
    return answer({ data, hasMore: false }, 200);
  });
  app.openapi(get, async ({ env, req, json: answer }) => {
    const view = await getDbtProject(env.services, env.actor, req.valid('param'));
    return answer(dbtProjectJson(env.actor.workspaceId, view), 200);
  });
  app.openapi(create, async ({ env, req, json: answer }) => {
    const { name, slug, sourceId, url, header } = req.valid('json');
    const view = await createDbtProject(env.services, env.actor, { name, slug, sourceId, url, header });
    return answer(dbtProjectJson(env.actor.workspaceId, view), 200);
  });
  app.openapi(update, async ({ env, req, json: answer }) => {
    const { id } = req.valid('param');
    const { name, url, header, slug, sourceId } = req.valid('json');
    assertUnchanged({ slug, sourceId }, await getDbtProject(env.services, env.actor, { id }));
    const view = await updateDbtProject(env.services, env.actor, { id, name, url, header });
    return answer(dbtProjectJson(env.actor.workspaceId, view), 200);
  });
  app.openapi(remove, async ({ env, req, body: answer }) => {
    await removeDbtProject(env.services, env.actor, req.valid('param'));
    return answer(null, 204);
  });
  app.openapi(nodes, async ({ env, req, json: answer }) => {
    const { id: projectId } = req.valid('param');
    const page = await listDbtNodes(env.services, env.actor, { projectId, ...req.valid('query') });
    const { items, nextCursor } = page;
    return answer({ data: items.map(dbtNodeJson), hasMore: nextCursor !== null, nextCursor }, 200);
  });
  app.openapi(refresh, async ({ env, req, json: answer }) => {
    const input = { ...req.valid('param'), ...req.valid('query') };
    const report = await refreshDbtProject(env.services, env.actor, input, req.raw);
    return answer(reportJson(report), 200);
  });
}
