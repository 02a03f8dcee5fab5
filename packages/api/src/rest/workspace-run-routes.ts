import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { RunView } from '@sluice/domain/run';
import { runStatuses } from '@sluice/domain/run-status';
import { getRun } from '@sluice/services/run/get-run';
import { listRuns } from '@sluice/services/run/list-runs';
import { CursorQuery, cursorPageOf } from './cursor-page.ts';
import { errors, guard, invalid, json, notFound } from './guard.ts';
import { IdParameters } from './id-parameters.ts';
import type { RestEnv } from './rest-env.ts';
import { RunJson, runJson } from './run-json.ts';
import { RunProgressJson, runProgressJson } from './run-progress-json.ts';

const tags = ['Runs'];

const SyncRunJson = RunJson.extend({
  syncId: z.number().int(),
  syncSlug: z.string(),
  progress: RunProgressJson,
}).openapi('RunOfSync');

const list = createRoute({
  ...guard('run.read'),
  tags,
  method: 'get',
  path: '/runs',
  summary: 'List the runs of all syncs, newest first',
  request: {
    query: CursorQuery.extend({
      status: z
        .preprocess(
          (value) => (typeof value === 'string' ? value.split(',') : value),
          z.array(z.enum(runStatuses)),
        )
        .optional()
        .openapi({ type: 'array', items: { type: 'string', enum: [...runStatuses] } }),
    }),
  },
  responses: { ...json(cursorPageOf(SyncRunJson), 'A page of runs'), ...errors, ...invalid },
});
const get = createRoute({
  ...guard('run.read'),
  tags,
  method: 'get',
  path: '/runs/{id}',
  summary: 'Get a run',
  request: { params: IdParameters },
  responses: { ...json(SyncRunJson, 'The run'), ...errors, ...notFound },
});

/** Runs whatever their sync. */
export function addWorkspaceRunRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(list, async ({ env, req, json: answer }) => {
    const page = await listRuns(env.services, env.actor, req.valid('query'));
    const data = page.items.map(syncRunJson);
    return answer({ data, hasMore: page.nextCursor !== null, nextCursor: page.nextCursor }, 200);
  });
  app.openapi(get, async ({ env, req, json: answer }) =>
    answer(syncRunJson(await getRun(env.services, env.actor, req.valid('param'))), 200),
  );
}

const syncRunJson = (view: RunView) => ({
  ...runJson(view),
  syncId: view.syncId,
  syncSlug: view.syncSlug,
  progress: runProgressJson(view),
});
