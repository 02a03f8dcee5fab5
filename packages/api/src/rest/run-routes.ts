import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { changeClasses, rowOutcomes } from '@sluice/domain/change';
import { cancelRun } from '@sluice/services/run/cancel-run';
import { listRunRows } from '@sluice/services/run/list-run-rows';
import { assertRunOf, listSyncRuns } from '@sluice/services/run/list-sync-runs';
import { conflict, errors, guard, invalid, json, notFound } from './guard.ts';
import { IdParameters, RunParameters } from './id-parameters.ts';
import { pageOf } from './list.ts';
import { looseCount, looseId, looseTime } from './loose.ts';
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
      runId: looseId.optional(),
      limit: looseCount({ fallback: 5, max: 1_000 }),
      offset: looseCount({ fallback: 0, max: 1_000_000_000 }),
      orderBy: z.enum(['id', 'createdAt', 'startedAt', 'finishedAt']).default('id'),
      /** Runs that started after (before) this time, or within the last minutes. */
      after: looseTime.optional(),
      before: looseTime.optional(),
      within: looseCount({ fallback: 0, max: 10_000_000 }).optional(),
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
const rows = createRoute({
  ...guard('run.rows'),
  tags,
  method: 'get',
  path: '/syncs/{id}/runs/{runId}/rows',
  summary: 'What happened to each row of a run',
  request: {
    params: RunParameters,
    query: z.object({
      result: z.enum(rowOutcomes).optional(),
      class: z.enum(changeClasses).optional(),
      /** Beginning of the primary key. */
      search: z.string().max(500).optional(),
      limit: looseCount({ fallback: 100, max: 100 }),
      /** `nextCursor` of the page before. */
      cursor: z.string().max(200).optional(),
    }),
  },
  responses: {
    ...json(
      z.object({
        data: z.array(
          z
            .object({
              key: z.string(),
              class: z.enum(changeClasses),
              result: z.enum(rowOutcomes),
              code: z.string().nullable(),
              message: z.string().nullable(),
            })
            .openapi('RunRow'),
        ),
        hasMore: z.boolean(),
        nextCursor: z.string().nullable(),
      }),
      'A page of rows in the order of the plan',
    ),
    ...errors,
    ...notFound,
    ...invalid,
  },
});

/** Routes below `/syncs/{id}/runs`. */
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
  app.openapi(rows, async ({ env, req, json: answer }) => {
    const { id, runId } = req.valid('param');
    await assertRunOf(env.services, env.actor, { syncId: id, runId });
    const { result, limit, ...query } = req.valid('query');
    const input = { ...query, runId, outcome: result, limit: Math.max(limit, 1) };
    const page = await listRunRows(env.services, env.actor, input);
    const data = page.items.map(({ key, class: changed, outcome, code, message }) => ({
      key,
      class: changed,
      result: outcome,
      code,
      message,
    }));
    return answer({ data, hasMore: page.nextCursor !== null, nextCursor: page.nextCursor }, 200);
  });
}
