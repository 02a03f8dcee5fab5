import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { waitSubjects } from '@sluice/domain/error-code';
import { type MissedSchedule, missReasons } from '@sluice/domain/missed-schedule';
import type { SyncView } from '@sluice/domain/sync';
import { pauseKinds } from '@sluice/domain/sync-health';
import { listMissedSchedules } from '@sluice/services/schedule/list-missed-schedules';
import { getSync } from '@sluice/services/sync/get-sync';
import { pauseSync } from '@sluice/services/sync-health/pause-sync';
import { resumeSync } from '@sluice/services/sync-health/resume-sync';
import { errors, guard, invalid, json, notFound, optionalBody } from './guard.ts';
import { IdParameters } from './id-parameters.ts';
import { looseBoolean } from './loose.ts';
import type { RestEnv } from './rest-env.ts';

const tags = ['Syncs'];
const time = z.iso.datetime();

const HealthJson = z
  .object({
    failures: z.number().int().describe('Failed runs in a row.'),
    nextRunAt: time.nullable(),
    pause: z
      .object({
        kind: z.enum(pauseKinds),
        waitsFor: z.enum(waitSubjects).nullable().describe('What has to change for the schedule to go on.'),
        code: z.string().nullable(),
        message: z.string(),
        fix: z.string(),
        runId: z.number().int().nullable(),
        since: time,
        until: time.nullable().describe('When it goes on by itself; null = not before something changes.'),
      })
      .nullable()
      .describe('Why the schedule holds still; null = it does not.'),
    missed: z
      .array(
        z.object({
          reason: z.enum(missReasons),
          firstAt: time,
          lastAt: time,
          times: z.number().int(),
          runId: z.number().int().nullable().describe('The run that makes up for them.'),
          endedAt: time.nullable(),
        }),
      )
      .describe('Times that the schedule missed, newest first, at most 20.'),
  })
  .openapi('SyncHealth');
const one = json(HealthJson, 'The health of the schedule');

const get = createRoute({
  ...guard('sync.read'),
  tags,
  method: 'get',
  path: '/syncs/{id}/health',
  summary: 'Whether the schedule of a sync holds still, why, and which times it missed',
  request: { params: IdParameters },
  responses: { ...one, ...errors, ...notFound },
});
const pause = createRoute({
  ...guard('sync.trigger'),
  tags,
  method: 'post',
  path: '/syncs/{id}/pause',
  summary: 'Hold the schedule of a sync; triggers still start runs',
  request: { params: IdParameters, body: optionalBody(z.strictObject({})) },
  responses: { ...one, ...errors, ...notFound, ...invalid },
});
const resume = createRoute({
  ...guard('sync.trigger'),
  tags,
  method: 'post',
  path: '/syncs/{id}/resume',
  summary: 'Let the schedule of a sync go on',
  request: {
    params: IdParameters,
    body: optionalBody(
      z
        .strictObject({
          catchUp: looseBoolean
            .default(true)
            .describe('One run makes up at once for the times that were missed.'),
        })
        .openapi('ResumeSync'),
    ),
  },
  responses: { ...one, ...errors, ...notFound, ...invalid },
});

/** Routes about the schedule of a sync: whether it holds still, and what it missed. */
export function addSyncHealthRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(get, async ({ env, req, json: answer }) => {
    const { id } = req.valid('param');
    return answer(await healthJson(env, await getSync(env.services, env.actor, { id })), 200);
  });
  app.openapi(pause, async ({ env, req, json: answer }) => {
    const { id } = req.valid('param');
    return answer(await healthJson(env, await pauseSync(env.services, env.actor, { id })), 200);
  });
  app.openapi(resume, async ({ env, req, json: answer }) => {
    const { id } = req.valid('param');
    const { catchUp } = req.valid('json');
    return answer(await healthJson(env, await resumeSync(env.services, env.actor, { id, catchUp })), 200);
  });
}

async function healthJson(env: RestEnv['Bindings'], sync: SyncView): Promise<z.infer<typeof HealthJson>> {
  const missed = await listMissedSchedules(env.services, env.actor, { id: sync.id });
  const { failures, nextRunAt, pause: held } = sync;
  return {
    failures,
    nextRunAt: nextRunAt?.toISOString() ?? null,
    pause: held && {
      ...held,
      since: held.since.toISOString(),
      until: held.until?.toISOString() ?? null,
    },
    missed: missed.map(missedJson),
  };
}

const missedJson = ({ reason, firstAt, lastAt, times, runId, endedAt }: MissedSchedule) => ({
  reason,
  firstAt: firstAt.toISOString(),
  lastAt: lastAt.toISOString(),
  times,
  runId,
  endedAt: endedAt?.toISOString() ?? null,
});
