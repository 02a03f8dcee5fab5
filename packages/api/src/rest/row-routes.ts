import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { changeClasses, rowOutcomes } from '@sluice/domain/change';
import type { RunRow } from '@sluice/domain/run';
import { runStatuses } from '@sluice/domain/run-status';
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
const RunRowJson = z.object({ key: z.string(), ...outcome }).openapi('RunRow');
const RowInRunJson = z
  .object({
    runId: z.number().int(),
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

/** Routes about single rows. */
export function addRowRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(list, async ({ env, req, json: answer }) => {
    const { id, runId } = req.valid('param');
    await assertRunOf(env.services, env.actor, { syncId: id, runId });
    const { result, ...query } = req.valid('query');
    const page = await listRunRows(env.services, env.actor, { ...query, runId, outcome: result });
    const data = page.items.map((row) => ({ key: row.key, ...outcomeJson(row) }));
    return answer({ data, hasMore: page.nextCursor !== null, nextCursor: page.nextCursor }, 200);
  });
  app.openapi(history, async ({ env, req, json: answer }) => {
    const { id, key } = req.valid('param');
    const page = await listRowHistory(env.services, env.actor, { syncId: id, key, ...req.valid('query') });
    const data = page.items.map((row) => ({
      runId: row.runId,
      status: row.status,
      createdAt: row.createdAt.toISOString(),
      finishedAt: row.finishedAt?.toISOString() ?? null,
      ...outcomeJson(row),
    }));
    return answer({ data, hasMore: page.nextCursor !== null, nextCursor: page.nextCursor }, 200);
  });
}

const outcomeJson = (row: Omit<RunRow, 'seq' | 'key'>) => ({
  class: row.class,
  result: row.outcome,
  code: row.code,
  message: row.message,
});
