import type { ReadableStream } from 'node:stream/web';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { getDbtProject } from '@sluice/services/dbt-project/get-dbt-project';
import { receiveFile } from '@sluice/services/dbt-project/receive-file';
import { takeManifest } from '@sluice/services/dbt-project/take-manifest';
import { takeRunResults } from '@sluice/services/dbt-project/take-run-results';
import { BuildReportJson, buildJson, ManifestReportJson, reportJson } from './dbt-json.ts';
import { conflict, errors, guard, invalid, json, notFound } from './guard.ts';
import { IdParameters } from './id-parameters.ts';
import { looseBoolean } from './loose.ts';
import type { RestEnv } from './rest-env.ts';

const tags = ['dbt projects'];
/** Not a schema of this API: the file goes to disk unread. */
const file = (name: string) => ({
  required: true,
  content: {
    'application/json': {
      schema: { type: 'object' as const, description: `target/${name} as dbt wrote it: at most 64 MB.` },
    },
  },
});
const large = { ...errors, 413: { ...errors[413], description: 'The file is larger than 64 MB.' } };

const manifest = createRoute({
  ...guard('model.write'),
  tags,
  method: 'put',
  path: '/dbt-projects/{id}/manifest',
  summary: 'Send a manifest.json: models that follow dbt go along',
  request: {
    params: IdParameters,
    query: z.object({ apply: looseBoolean.default(true).describe('false: only say what it would change.') }),
    body: file('manifest.json'),
  },
  responses: {
    ...json(ManifestReportJson, 'What it changed'),
    ...large,
    ...notFound,
    ...conflict,
    ...invalid,
  },
});
const runResults = createRoute({
  ...guard('sync.trigger'),
  tags,
  method: 'put',
  path: '/dbt-projects/{id}/run-results',
  summary: 'Send the run_results.json of a build: syncs of what was built start, if nothing failed',
  description:
    'Repeating it is safe: a build is known by its invocation_id, and starts each sync once. Commands that build nothing (compile, docs generate, test) are refused.',
  request: { params: IdParameters, body: file('run_results.json') },
  responses: { ...json(BuildReportJson, 'What was started'), ...large, ...notFound, ...invalid },
});

/** Routes that take files of dbt. Their bodies come as they were sent (`normalise-request.ts`). */
export function addDbtFileRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(manifest, async ({ env, req, json: answer }) => {
    const { services, actor } = env;
    const { id } = req.valid('param');
    const { apply } = req.valid('query');
    // Before megabytes are read for nobody.
    await getDbtProject(services, actor, { id });
    const report = await receiveFile(services, bodyOf(req.raw), (path) =>
      takeManifest(services, actor, { id, path, apply }, { signal: req.raw.signal }),
    );
    return answer(reportJson(report), 200);
  });
  app.openapi(runResults, async ({ env, req, json: answer }) => {
    const { services, actor } = env;
    const { id } = req.valid('param');
    await getDbtProject(services, actor, { id });
    const build = await receiveFile(services, bodyOf(req.raw), (path) =>
      takeRunResults(services, actor, { id, path }),
    );
    return answer(buildJson(build), 200);
  });
}

const bodyOf = (request: Request) => request.body as ReadableStream<Uint8Array> | null;

/** Whether a request carries a file that is read piece by piece. */
export const carriesFile = (method: string, path: string): boolean =>
  method === 'PUT' && /^\/api\/v1\/dbt-projects\/[^/]+\/(?:manifest|run-results)$/.test(path);
