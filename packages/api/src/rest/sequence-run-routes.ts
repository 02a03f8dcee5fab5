import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { cancelSequenceRun } from '@sluice/services/sequence/cancel-sequence-run';
import { getSequenceRun } from '@sluice/services/sequence/get-sequence-run';
import { listSequenceRuns } from '@sluice/services/sequence/list-sequence-runs';
import { triggerSequence } from '@sluice/services/sequence/trigger-sequence';
import { CursorQuery, cursorPageOf } from './cursor-page.ts';
import { conflict, errors, guard, invalid, json, notFound, optionalBody } from './guard.ts';
import type { RestEnv } from './rest-env.ts';
import { SequenceRunJson, SequenceStatusJson, sequenceRunJson, sequenceStatusJson } from './sequence-json.ts';
import { UuidParameters } from './sequence-routes.ts';
import { keyOf, TriggerHeaders } from './trigger-headers.ts';

const tags = ['Sync sequences'];

const trigger = createRoute({
  ...guard('sync.trigger'),
  tags,
  method: 'post',
  path: '/sync-sequences/{id}/trigger',
  summary: 'Run a sequence',
  request: { params: UuidParameters, headers: TriggerHeaders, body: optionalBody(z.strictObject({})) },
  responses: {
    ...json(
      z.object({ id: z.guid() }).openapi('TriggeredSequenceRun'),
      'The run: a new one, or the one that already waits to follow the one that goes on. Safe to repeat.',
    ),
    ...errors,
    ...notFound,
    ...invalid,
  },
});
const status = createRoute({
  ...guard('run.read'),
  tags,
  method: 'get',
  path: '/sync-sequences/runs/{id}',
  summary: 'Get the status of a sequence run and of the sync runs in it',
  request: { params: UuidParameters },
  responses: { ...json(SequenceStatusJson, 'The status'), ...errors, ...notFound },
});
const cancel = createRoute({
  ...guard('sync.trigger'),
  tags,
  method: 'post',
  path: '/sync-sequences/runs/{id}/cancel',
  summary: 'Cancel a sequence run and the sync run that goes on in it',
  request: { params: UuidParameters, body: optionalBody(z.strictObject({})) },
  responses: {
    ...json(SequenceRunJson, 'The run; it has ended when its status says so'),
    ...errors,
    ...notFound,
    ...conflict,
    ...invalid,
  },
});
const list = createRoute({
  ...guard('run.read'),
  tags,
  method: 'get',
  path: '/sync-sequences/{id}/runs',
  summary: 'List the runs of a sequence, newest first',
  request: { params: UuidParameters, query: CursorQuery },
  responses: { ...json(cursorPageOf(SequenceRunJson), 'A page of runs'), ...errors, ...notFound, ...invalid },
});

/** Routes that run sequences and follow their runs. */
export function addSequenceRunRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(status, async ({ env, req, json: answer }) =>
    answer(sequenceStatusJson(await getSequenceRun(env.services, env.actor, req.valid('param'))), 200),
  );
  app.openapi(cancel, async ({ env, req, json: answer }) =>
    answer(sequenceRunJson(await cancelSequenceRun(env.services, env.actor, req.valid('param'))), 200),
  );
  app.openapi(trigger, async ({ env, req, json: answer }) => {
    const { id } = await triggerSequence(env.services, env.actor, req.valid('param'), keyOf(req));
    return answer({ id }, 200);
  });
  app.openapi(list, async ({ env, req, json: answer }) => {
    const input = { sequenceId: req.valid('param').id, ...req.valid('query') };
    const page = await listSequenceRuns(env.services, env.actor, input);
    const data = page.items.map(sequenceRunJson);
    return answer({ data, hasMore: page.nextCursor !== null, nextCursor: page.nextCursor }, 200);
  });
}
