import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { logLevels } from '@sluice/domain/run';
import { runStages } from '@sluice/domain/run-status';
import { integerCursor } from '@sluice/services/run/integer-cursor';
import { listEvents } from '@sluice/services/run/list-events';
import { assertRunOf } from '@sluice/services/run/list-sync-runs';
import { CursorQuery, cursorPageOf } from './cursor-page.ts';
import { errors, guard, invalid, json, notFound } from './guard.ts';
import { RunParameters } from './id-parameters.ts';
import type { RestEnv } from './rest-env.ts';

const RunEventJson = z
  .object({
    id: z.number().int(),
    at: z.iso.datetime(),
    level: z.enum(logLevels),
    stage: z.enum(runStages),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).nullable().describe('Never row values or secrets.'),
  })
  .openapi('RunEvent');

const list = createRoute({
  ...guard('run.read'),
  tags: ['Runs'],
  method: 'get',
  path: '/syncs/{id}/runs/{runId}/events',
  summary: 'The log of a run, oldest line first',
  request: { params: RunParameters, query: CursorQuery },
  responses: {
    ...json(
      cursorPageOf(RunEventJson),
      'A page of the log. `nextCursor` is also there on the last page: asked again with it, a run that goes on answers what came since.',
    ),
    ...errors,
    ...notFound,
    ...invalid,
  },
});

/** The log of a run. */
export function addEventRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(list, async ({ env, req, json: answer }) => {
    const { id, runId } = req.valid('param');
    await assertRunOf(env.services, env.actor, { syncId: id, runId });
    const { cursor, limit } = req.valid('query');
    const after = integerCursor(cursor) ?? 0;
    const events = await listEvents(env.services, env.actor, { runId, after, limit: limit + 1 });
    const data = events.slice(0, limit).map((event) => ({
      id: event.id,
      at: event.at.toISOString(),
      level: event.level,
      stage: event.stage,
      message: event.message,
      details: event.details,
    }));
    const nextCursor = String(data.at(-1)?.id ?? after);
    return answer({ data, hasMore: events.length > limit, nextCursor }, 200);
  });
}
