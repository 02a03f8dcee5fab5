import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { changeClasses } from '@sluice/domain/change';
import { rollouts } from '@sluice/domain/edit-effect';
import { RowFilter } from '@sluice/domain/row-filter';
import { dryRun } from '@sluice/services/dry-run/dry-run';
import { listDryRunRows } from '@sluice/services/dry-run/list-dry-run-rows';
import { getSync } from '@sluice/services/sync/get-sync';
import { CursorQuery, cursorPageOf } from './cursor-page.ts';
import { DryRunJson, DryRunRowJson, dryRunJson, dryRunRowJson } from './dry-run-json.ts';
import { errors, guard, invalid, json, notFound, optionalBody } from './guard.ts';
import { IdParameters } from './id-parameters.ts';
import type { RestEnv } from './rest-env.ts';
import { mergedConfiguration } from './sync-json.ts';

const run = createRoute({
  ...guard('sync.write'),
  tags: ['Syncs'],
  method: 'post',
  path: '/syncs/{id}/dry-run',
  summary: 'What a run would do now: nothing is sent',
  request: {
    params: IdParameters,
    body: optionalBody(
      z
        .strictObject({
          configuration: z
            .record(z.string(), z.unknown())
            .optional()
            .describe('Parts to try instead of the saved ones.'),
          rollout: z
            .enum(rollouts)
            .optional()
            .describe('With other parts: whether rows delivered before are sent again.'),
          backfill: z
            .union([RowFilter, z.tuple([])])
            .optional()
            .describe('As a backfill of the rows that fulfil these conditions; [] = of all.'),
        })
        .openapi('DryRunSync'),
    ),
  },
  responses: { ...json(DryRunJson, 'What would happen'), ...errors, ...notFound, ...invalid },
});
const rows = createRoute({
  ...guard('run.rows'),
  tags: ['Syncs'],
  method: 'get',
  path: '/dry-runs/{dryRunId}/rows',
  summary: 'The rows of a dry run, field by field: kept for a day',
  request: {
    params: z.object({
      dryRunId: z.uuid().openapi({ param: { name: 'dryRunId', in: 'path' } }),
    }),
    query: CursorQuery.extend({
      class: z.enum(changeClasses).optional(),
      search: z.string().max(500).optional().describe('Beginning of the primary key.'),
      field: z.string().max(200).optional().describe('Only changed rows that change this field.'),
    }),
  },
  responses: {
    ...json(cursorPageOf(DryRunRowJson), 'A page of rows in the order of the plan'),
    ...errors,
    ...notFound,
    ...invalid,
  },
});

/** Trying a sync before it runs. */
export function addDryRunRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(run, async ({ env, req, json: answer }) => {
    const { id } = req.valid('param');
    const { configuration: parts = {}, ...asked } = req.valid('json');
    const { modelId, destinationId, configuration } = await getSync(env.services, env.actor, { id });
    const tried = mergedConfiguration(configuration, parts);
    const draft = { id, modelId, destinationId, configuration: tried, ...asked };
    return answer(dryRunJson(await dryRun(env.services, env.actor, draft, { signal: req.raw.signal })), 200);
  });
  app.openapi(rows, async ({ env, req, json: answer }) => {
    const { dryRunId } = req.valid('param');
    const page = await listDryRunRows(env.services, env.actor, { id: dryRunId, ...req.valid('query') });
    const data = page.items.map(dryRunRowJson);
    return answer({ data, hasMore: page.nextCursor !== null, nextCursor: page.nextCursor }, 200);
  });
}
