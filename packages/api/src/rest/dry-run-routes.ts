import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { DryRunResult, MappedRow } from '@sluice/domain/sync';
import { dryRun } from '@sluice/services/sync/dry-run';
import { getSync } from '@sluice/services/sync/get-sync';
import { errors, guard, invalid, json, notFound, optionalBody } from './guard.ts';
import { IdParameters } from './id-parameters.ts';
import { plainRow } from './plain-row.ts';
import type { RestEnv } from './rest-env.ts';
import { Counts, countsJson } from './run-json.ts';
import { mergedConfiguration } from './sync-json.ts';

const cells = z.record(z.string(), z.unknown());
const Sample = z
  .object({
    key: z.string().nullable(),
    row: cells,
    record: cells.nullable().describe('What would be sent.'),
    error: z.string().nullable(),
  })
  .openapi('SampleRow');

const DryRunJson = z
  .object({
    querySize: z.number().int(),
    plannedRows: Counts,
    samples: z.object({
      added: z.array(Sample),
      changed: z.array(Sample),
      removed: z.array(Sample),
    }),
    requests: z
      .array(
        z.object({
          summary: z.string(),
          headers: z.record(z.string(), z.string()),
          body: z.string().nullable(),
        }),
      )
      .describe('Up to three requests as they would be sent, secrets masked.'),
    invalidKeys: z.object({
      nulls: z.number().int(),
      duplicates: z.number().int(),
      examples: z.array(z.string()),
    }),
    guard: z.string().nullable().describe('Why a guard of the sync would stop the run.'),
    durationMs: z.number(),
  })
  .openapi('DryRun');

const run = createRoute({
  ...guard('sync.write'),
  tags: ['Syncs'],
  method: 'post',
  path: '/syncs/{id}/dry-run',
  summary: 'What a run would do now: nothing is sent or stored',
  request: {
    params: IdParameters,
    body: optionalBody(
      z
        .strictObject({
          configuration: z
            .record(z.string(), z.unknown())
            .optional()
            .describe('Parts to try instead of the saved ones.'),
        })
        .openapi('DryRunSync'),
    ),
  },
  responses: { ...json(DryRunJson, 'What would happen'), ...errors, ...notFound, ...invalid },
});

/** Trying a sync before it runs. */
export function addDryRunRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(run, async ({ env, req, json: answer }) => {
    const { id } = req.valid('param');
    const { modelId, destinationId, configuration } = await getSync(env.services, env.actor, { id });
    const tried = mergedConfiguration(configuration, req.valid('json').configuration ?? {});
    const draft = { id, modelId, destinationId, configuration: tried };
    return answer(dryRunJson(await dryRun(env.services, env.actor, draft, { signal: req.raw.signal })), 200);
  });
}

function dryRunJson(result: DryRunResult): z.infer<typeof DryRunJson> {
  const { counts, samples, requests, invalidKeys, guard: stopped, durationMs } = result;
  const sampleJson = ({ key, row, record, error }: MappedRow) => ({
    key,
    row: plainRow(row),
    record: record && plainRow(record),
    error,
  });
  return {
    querySize: counts.queried,
    plannedRows: countsJson(counts.planned),
    samples: {
      added: samples.added.map(sampleJson),
      changed: samples.changed.map(sampleJson),
      removed: samples.removed.map(sampleJson),
    },
    requests: requests.map(({ summary, headers, body: sent }) => ({ summary, headers, body: sent })),
    invalidKeys,
    guard: stopped,
    durationMs: Math.round(durationMs),
  };
}
