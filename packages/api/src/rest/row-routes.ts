import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { changeClasses, rowOutcomes } from '@sluice/domain/change';
import type { RowInRun } from '@sluice/domain/row-history';
import type { RunRow } from '@sluice/domain/run';
import { runKinds } from '@sluice/domain/run-selection';
import { runStatuses } from '@sluice/domain/run-status';
import { listReasons } from '@sluice/services/run/list-reasons';
import { listRowHistory } from '@sluice/services/run/list-row-history';
import { listRunRows } from '@sluice/services/run/list-run-rows';
import { assertRunOf } from '@sluice/services/run/list-sync-runs';
import { CursorQuery, cursorPageOf } from './cursor-page.ts';
import { errors, guard, invalid, json, notFound } from './guard.ts';
import { RowParameters, RunParameters } from './id-parameters.ts';
import type { RestEnv } from './rest-env.ts';

const tags = ['Rows'];

const outcome = {
  class: z.enum(changeClasses),
  result: z.enum(rowOutcomes),
  code: z.string().nullable(),
  message: z.string().nullable(),
};
const RunRowJson = z
  .object({
    seq: z.number().int().describe('Position in the plan, by which a replay chooses rows.'),
    key: z.string(),
    ...outcome,
  })
  .openapi('RunRow');
const ReasonJson = z
  .object({
    reason: z.string().describe('Names the reason for a replay.'),
    result: z.enum(['rejected', 'uncertain']),
    code: z.string(),
    message: z.string(),
    count: z.number().int(),
    examples: z.array(z.string()).describe('Three primary keys, for those who may see rows.'),
  })
  .openapi('RejectionReason');
const RowInRunJson = z
  .object({
    runId: z.number().int(),
    syncId: z.number().int(),
    kind: z.enum(runKinds),
    status: z.enum(runStatuses),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    ...outcome,
  })
  .openapi('RowInRun');

const list = createRoute({
  ...guard('run.rows'),
  tags,
  method: 'get',
  path: '/syncs/{id}/runs/{runId}/rows',
  summary: 'What happened to each row of a run',
  request: {
    params: RunParameters,
    query: CursorQuery.extend({
      result: z.enum(rowOutcomes).optional(),
      class: z.enum(changeClasses).optional(),
      search: z.string().max(500).optional().describe('Beginning of the primary key.'),
    }),
  },
  responses: {
    ...json(cursorPageOf(RunRowJson), 'A page of rows in the order of the plan'),
    ...errors,
    ...notFound,
    ...invalid,
  },
});
const reasons = createRoute({
  ...guard('run.read'),
  tags,
  method: 'get',
  path: '/syncs/{id}/runs/{runId}/reasons',
  summary: 'Why rows of a run were rejected or are in doubt, most frequent first',
  request: { params: RunParameters },
  responses: {
    ...json(z.object({ data: z.array(ReasonJson) }), 'At most 200 reasons'),
    ...errors,
    ...notFound,
  },
});
const history = createRoute({
  ...guard('run.rows'),
  tags,
  method: 'get',
  path: '/syncs/{id}/rows/{key}',
  summary: 'What the runs of a sync did with one row, newest first',
  request: { params: RowParameters, query: CursorQuery },
  responses: {
    ...json(
      cursorPageOf(RowInRunJson),
      'Runs in which the row was planned. A page may be short, even empty, and still have a next one.',
    ),
    ...errors,
    ...notFound,
    ...invalid,
  },
});

const everywhere = createRoute({
  ...guard('run.rows'),
  tags,
  method: 'get',
  path: '/rows/{key}',
  summary: 'What the runs of all syncs did with the rows of one primary key, newest first',
  request: { params: RowParameters.pick({ key: true }), query: CursorQuery },
  responses: {
    ...json(cursorPageOf(RowInRunJson), 'As for one sync'),
    ...errors,
    ...invalid,
  },
});

/** Routes about single rows. */
export function addRowRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(list, async ({ env, req, json: answer }) => {
    const { id, runId } = req.valid('param');
    await assertRunOf(env.services, env.actor, { syncId: id, runId });
    const { result, ...query } = req.valid('query');
    const page = await listRunRows(env.services, env.actor, { ...query, runId, outcome: result });
    const data = page.items.map((row) => ({ seq: row.seq, key: row.key, ...outcomeJson(row) }));
    return answer({ data, hasMore: page.nextCursor !== null, nextCursor: page.nextCursor }, 200);
  });
  app.openapi(reasons, async ({ env, req, json: answer }) => {
    const { id, runId } = req.valid('param');
    await assertRunOf(env.services, env.actor, { syncId: id, runId });
    const found = await listReasons(env.services, env.actor, { runId });
    const data = found.map(({ outcome: result, ...rest }) => ({ ...rest, result }));
    return answer({ data }, 200);
  });
  app.openapi(history, async ({ env, req, json: answer }) => {
    const { id, key } = req.valid('param');
    const page = await listRowHistory(env.services, env.actor, { syncId: id, key, ...req.valid('query') });
    const data = page.items.map(rowInRunJson);
    return answer({ data, hasMore: page.nextCursor !== null, nextCursor: page.nextCursor }, 200);
  });
  app.openapi(everywhere, async ({ env, req, json: answer }) => {
    const input = { ...req.valid('param'), ...req.valid('query') };
    const page = await listRowHistory(env.services, env.actor, input);
    const data = page.items.map(rowInRunJson);
    return answer({ data, hasMore: page.nextCursor !== null, nextCursor: page.nextCursor }, 200);
  });
}

const rowInRunJson = (row: RowInRun) => ({
  runId: row.runId,
  syncId: row.syncId,
  kind: row.kind,
  status: row.status,
  createdAt: row.createdAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
  ...outcomeJson(row),
});

const outcomeJson = (row: Pick<RunRow, 'class' | 'outcome' | 'code' | 'message'>) => ({
  class: row.class,
  result: row.outcome,
  code: row.code,
  message: row.message,
});
