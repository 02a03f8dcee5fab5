import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { findRunAfter } from '@sluice/services/run/find-run-after';
import { getSync } from '@sluice/services/sync/get-sync';
import { triggerSync } from '@sluice/services/sync/trigger-sync';
import { conflict, errors, guard, json, notFound, optionalBody } from './guard.ts';
import { IdParameters } from './id-parameters.ts';
import { LegacyStatusJson, LegacySyncJson, legacyStatus, legacySyncJson } from './legacy-json.ts';
import { looseIdFilter } from './loose.ts';
import type { RestEnv } from './rest-env.ts';
import { keyOf, TriggerHeaders } from './trigger-headers.ts';

const tags = ['Older addresses'];
/** Nobody ever sent anything here; whatever comes is not looked at. */
const anyBody = optionalBody(z.unknown().openapi({ type: 'object' }));

const run = createRoute({
  ...guard('sync.trigger'),
  tags,
  method: 'post',
  path: '/rest/run/{id}',
  summary: 'Run a sync (Airflow provider 2.x, Prefect 1, Keboola)',
  request: { params: IdParameters, headers: TriggerHeaders, body: anyBody },
  responses: {
    ...json(
      z.object({ latest_sync_run_id: z.number().int(), message: z.string() }).openapi('LegacyTriggeredRun'),
      'The run before the one that was started; 0 when there was none',
    ),
    ...errors,
    ...notFound,
    ...conflict,
  },
});
const sync = createRoute({
  ...guard('sync.read'),
  tags,
  method: 'get',
  path: '/rest/sync/{id}',
  summary: 'Get a sync with one of its runs (Airflow provider 2.x, Prefect 1, tap-hightouch)',
  request: {
    params: IdParameters,
    query: z.object({
      latest_sync_run_id: looseIdFilter
        .optional()
        .describe('Answer the run that followed this one, instead of the newest.'),
    }),
  },
  responses: { ...json(LegacySyncJson, 'The sync and the run'), ...errors, ...notFound },
});
const triggerFirst = createRoute({
  ...guard('sync.trigger'),
  tags,
  method: 'post',
  path: '/rest/triggerSync/{id}',
  summary: 'Run a sync (Airflow provider 1.x)',
  request: { params: IdParameters, headers: TriggerHeaders, body: anyBody },
  responses: {
    ...json(
      z.object({ success: z.literal(true), id: z.string() }).openapi('FirstTriggeredRun'),
      'The run, as of POST /api/v1/syncs/{id}/trigger',
    ),
    ...errors,
    ...notFound,
    ...conflict,
  },
});
const statusFirst = createRoute({
  ...guard('sync.read'),
  tags,
  method: 'get',
  path: '/rest/syncStatus/{id}',
  summary: 'Get the status of a sync (Airflow provider 1.x)',
  request: { params: IdParameters },
  responses: { ...json(LegacyStatusJson, 'The status'), ...errors, ...notFound },
});

/** Addresses of `/api/v2` that clients of before 2022 call. */
export function addLegacyRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(run, async ({ env, req, json: answer }) => {
    const { id } = req.valid('param');
    const started = await triggerSync(env.services, env.actor, { id, ...plain }, keyOf(req));
    const before = await findRunAfter(env.services, env.actor, { syncId: id, runId: started.id, step: -1 });
    return answer({ latest_sync_run_id: before?.id ?? 0, message: `Run ${started.id} was queued.` }, 200);
  });
  app.openapi(sync, async ({ env, req, json: answer }) => {
    const view = await getSync(env.services, env.actor, req.valid('param'));
    const { latest_sync_run_id: after } = req.valid('query');
    const wanted = after
      ? await findRunAfter(env.services, env.actor, { syncId: view.id, runId: after, step: 1 })
      : view.lastRun;
    return answer(legacySyncJson(view, wanted), 200);
  });
}

/** Addresses of `/api/v1` that clients of before 2021 call. */
export function addFirstRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(triggerFirst, async ({ env, req, json: answer }) => {
    const input = { ...req.valid('param'), ...plain };
    const started = await triggerSync(env.services, env.actor, input, keyOf(req));
    return answer({ success: true as const, id: String(started.id) }, 200);
  });
  app.openapi(statusFirst, async ({ env, req, json: answer }) => {
    const { id, lastRun } = await getSync(env.services, env.actor, req.valid('param'));
    return answer({ sync: { id, status: legacyStatus(lastRun) } }, 200);
  });
}

const plain = { resync: 'none', ignoreGuards: false } as const;
