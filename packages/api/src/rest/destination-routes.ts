import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Actor } from '@sluice/domain/actor';
import { createDestination } from '@sluice/services/destination/create-destination';
import { getDestination } from '@sluice/services/destination/get-destination';
import {
  type ListedDestination,
  listDestinationPage,
} from '@sluice/services/destination/list-destination-page';
import { removeDestination } from '@sluice/services/destination/remove-destination';
import { updateDestination } from '@sluice/services/destination/update-destination';
import {
  CreateConnectionJson,
  connectionJson,
  DestinationJson,
  UpdateDestinationJson,
} from './connection-json.ts';
import { body, conflict, errors, guard, invalid, json, notFound } from './guard.ts';
import { IdParameters } from './id-parameters.ts';
import { NamedListQuery, pageJson, pageOf } from './list.ts';
import { assertUnchanged } from './read-only.ts';
import type { RestEnv } from './rest-env.ts';
import { visibleSyncs } from './visible-syncs.ts';

const tags = ['Destinations'];
const one = json(DestinationJson, 'The destination');

const list = createRoute({
  ...guard('destination.read'),
  tags,
  method: 'get',
  path: '/destinations',
  summary: 'List destinations',
  request: { query: NamedListQuery },
  responses: { ...json(pageOf(DestinationJson), 'A page of destinations'), ...errors, ...invalid },
});
const get = createRoute({
  ...guard('destination.read'),
  tags,
  method: 'get',
  path: '/destinations/{id}',
  summary: 'Get a destination',
  request: { params: IdParameters },
  responses: { ...one, ...errors, ...notFound },
});
const create = createRoute({
  ...guard('destination.write'),
  tags,
  method: 'post',
  path: '/destinations',
  summary: 'Create a destination',
  request: { body: body(CreateConnectionJson) },
  responses: { ...one, ...errors, ...conflict, ...invalid },
});
const update = createRoute({
  ...guard('destination.write'),
  tags,
  method: 'patch',
  path: '/destinations/{id}',
  summary: 'Change a destination: fields that are left out keep their value',
  request: { params: IdParameters, body: body(UpdateDestinationJson) },
  responses: { ...one, ...errors, ...notFound, ...conflict, ...invalid },
});
const remove = createRoute({
  ...guard('destination.write'),
  tags,
  method: 'delete',
  path: '/destinations/{id}',
  summary: 'Remove a destination that nothing uses',
  request: { params: IdParameters },
  responses: { 204: { description: 'Removed' }, ...errors, ...notFound, ...conflict },
});

/** Routes below `/destinations`. */
export function addDestinationRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(list, async ({ env, req, json: answer }) => {
    const page = await listDestinationPage(env.services, env.actor, req.valid('query'));
    return answer(
      pageJson(page, (view) => destinationJson(env.actor, view)),
      200,
    );
  });
  app.openapi(get, async ({ env, req, json: answer }) =>
    answer(
      destinationJson(env.actor, await getDestination(env.services, env.actor, req.valid('param'))),
      200,
    ),
  );
  app.openapi(create, async ({ env, req, json: answer }) => {
    const { name, slug, type, configuration } = req.valid('json');
    const input = { name, slug, type, configuration };
    return answer(destinationJson(env.actor, await createDestination(env.services, env.actor, input)), 200);
  });
  app.openapi(update, async ({ env, req, json: answer }) => {
    const { name, configuration, rollout, slug, type } = req.valid('json');
    const { id } = req.valid('param');
    assertUnchanged({ slug, type }, await getDestination(env.services, env.actor, { id }));
    const view = await updateDestination(env.services, env.actor, { id, name, configuration, rollout });
    return answer(destinationJson(env.actor, view), 200);
  });
  app.openapi(remove, async ({ env, req, body: answer }) => {
    await removeDestination(env.services, env.actor, req.valid('param'));
    return answer(null, 204);
  });
}

const destinationJson = (actor: Actor, view: ListedDestination) => ({
  ...connectionJson(actor, view),
  syncs: visibleSyncs(actor, view.syncs),
});
