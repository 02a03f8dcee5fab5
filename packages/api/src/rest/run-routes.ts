import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { cancelRun } from '@sluice/services/run/cancel-run';
import { assertRunOf, listSyncRuns } from '@sluice/services/run/list-sync-runs';
import { conflict, errors, guard, invalid, json, notFound } from './guard.ts';
import { IdParameters, RunParameters } from './id-parameters.ts';
import { pageOf } from './list.ts';
import { looseCount, looseIdFilter, looseTime } from './loose.ts';
import type { RestEnv } from './rest-env.ts';
import { RunJson, runJson } from './run-json.ts';

const tags = ['Runs'];

const list = createRoute({
  ...guard('run.read'),
  tags,
  method: 'get',
  path: '/syncs/{id}/runs',
  summary: 'List the runs of a sync, newest first',
  request: {
    params: IdParameters,
    query: z.object({
      runId: looseIdFilter.optional(),
      limit: looseCount({ fallback: 5, max: 1_000 }),
      offset: looseCount({ fallback: 0, max: 1_000_000_000 }),
      orderBy: z.enum(['id', 'createdAt', 'startedAt', 'finishedAt']).default('id'),
      after: looseTime.optional().describe('Runs that started after this time.'),
      before: looseTime.optional().describe('Runs that started before this time.'),
      within: looseCount({ fallback: 0, max: 10_000_000 })
        .optional()
        .describe('Runs that started in the last so many minutes; 0 = no limit.'),
    }),
  },
  responses: { ...json(pageOf(RunJson), 'A page of runs'), ...errors, ...notFound, ...invalid },
});
const cancel = createRoute({
  ...guard('sync.trigger'),
  tags,
  method: 'post',
  path: '/syncs/{id}/runs/{runId}/cancel',
  summary: 'Cancel a run',
  request: { params: RunParameters },
  responses: { ...json(RunJson, 'The run'), ...errors, ...notFound, ...conflict },
});
/** Routes below `/syncs/{id}/runs` about runs as a whole. */
export function addRunRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(list, async ({ env, req, json: answer }) => {
    const input = { syncId: req.valid('param').id, ...req.valid('query') };
    const { items, hasMore } = await listSyncRuns(env.services, env.actor, input);
    return answer({ data: items.map(runJson), hasMore }, 200);
  });
  app.openapi(cancel, async ({ env, req, json: answer }) => {
    const { id, runId } = req.valid('param');
    await assertRunOf(env.services, env.actor, { syncId: id, runId });
    return answer(runJson(await cancelRun(env.services, env.actor, { id: runId })), 200);
  });
}
