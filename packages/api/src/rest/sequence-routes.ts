import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { createSequence } from '@sluice/services/sequence/create-sequence';
import { getSequence } from '@sluice/services/sequence/get-sequence';
import { listSequencePage } from '@sluice/services/sequence/list-sequence-page';
import { removeSequence } from '@sluice/services/sequence/remove-sequence';
import { updateSequence } from '@sluice/services/sequence/update-sequence';
import { body, conflict, errors, guard, invalid, json, notFound } from './guard.ts';
import { NamedListQuery, pageJson, pageOf } from './list.ts';
import type { RestEnv } from './rest-env.ts';
import { scheduleOf } from './schedule-json.ts';
import { CreateSequenceJson, SequenceJson, sequenceJson, UpdateSequenceJson } from './sequence-json.ts';

const tags = ['Sync sequences'];
const one = json(SequenceJson, 'The sequence');

/** `/{id}` of sequences and their runs. */
export const UuidParameters = z.object({
  id: z.guid().openapi({
    param: { name: 'id', in: 'path' },
    example: '5b0e1c9a-3a52-4e0c-9d3b-6f4f3f0f8f11',
  }),
});

const list = createRoute({
  ...guard('sync.read'),
  tags,
  method: 'get',
  path: '/sync-sequences',
  summary: 'List sequences',
  request: { query: NamedListQuery },
  responses: { ...json(pageOf(SequenceJson), 'A page of sequences'), ...errors, ...invalid },
});
const get = createRoute({
  ...guard('sync.read'),
  tags,
  method: 'get',
  path: '/sync-sequences/{id}',
  summary: 'Get a sequence',
  request: { params: UuidParameters },
  responses: { ...one, ...errors, ...notFound },
});
const create = createRoute({
  ...guard('sync.write'),
  tags,
  method: 'post',
  path: '/sync-sequences',
  summary: 'Create a sequence: syncs that run one after the other',
  request: { body: body(CreateSequenceJson) },
  responses: { ...one, ...errors, ...notFound, ...conflict, ...invalid },
});
const update = createRoute({
  ...guard('sync.write'),
  tags,
  method: 'patch',
  path: '/sync-sequences/{id}',
  summary: 'Change a sequence: fields that are left out keep their value',
  request: { params: UuidParameters, body: body(UpdateSequenceJson) },
  responses: { ...one, ...errors, ...notFound, ...conflict, ...invalid },
});
const remove = createRoute({
  ...guard('sync.write'),
  tags,
  method: 'delete',
  path: '/sync-sequences/{id}',
  summary: 'Remove a sequence with the history of its runs; its syncs stay',
  request: { params: UuidParameters },
  responses: { 204: { description: 'Removed' }, ...errors, ...notFound },
});

/** Routes about sequences themselves. */
export function addSequenceRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(list, async ({ env, req, json: answer }) => {
    const page = await listSequencePage(env.services, env.actor, req.valid('query'));
    return answer(
      pageJson(page, (view) => sequenceJson(env.actor.workspaceId, view)),
      200,
    );
  });
  app.openapi(get, async ({ env, req, json: answer }) => {
    const view = await getSequence(env.services, env.actor, req.valid('param'));
    return answer(sequenceJson(env.actor.workspaceId, view), 200);
  });
  app.openapi(create, async ({ env, req, json: answer }) => {
    const { name, slug, steps, schedule, disabled } = req.valid('json');
    const input = {
      disabled,
      name,
      slug,
      steps: steps.map(plainStep),
      schedule: scheduleOf(schedule) ?? null,
    };
    const view = await createSequence(env.services, env.actor, input);
    return answer(sequenceJson(env.actor.workspaceId, view), 200);
  });
  app.openapi(update, async ({ env, req, json: answer }) => {
    const { name, slug, steps, schedule, disabled } = req.valid('json');
    const { id } = req.valid('param');
    const input = { id, disabled, name, slug, steps: steps?.map(plainStep), schedule: scheduleOf(schedule) };
    const view = await updateSequence(env.services, env.actor, input);
    return answer(sequenceJson(env.actor.workspaceId, view), 200);
  });
  app.openapi(remove, async ({ env, req, body: answer }) => {
    await removeSequence(env.services, env.actor, req.valid('param'));
    return answer(null, 204);
  });
}

type Step = z.infer<typeof CreateSequenceJson>['steps'][number];
const plainStep = ({ syncId, policy }: Step) => ({ syncId, policy });
