import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { ReplayRun, RevertRun } from '@sluice/domain/run-selection';
import { previewReplay } from '@sluice/services/dry-run/preview-replay';
import { previewRevert } from '@sluice/services/dry-run/preview-revert';
import { assertRunOf } from '@sluice/services/run/list-sync-runs';
import { replayRun } from '@sluice/services/run/replay-run';
import { revertRun } from '@sluice/services/run/revert-run';
import { DryRunJson, dryRunJson } from './dry-run-json.ts';
import { body, conflict, errors, guard, invalid, json, notFound, optionalBody } from './guard.ts';
import { RunParameters } from './id-parameters.ts';
import type { RestEnv } from './rest-env.ts';
import { RunJson, runJson } from './run-json.ts';
import { keyOf, TriggerHeaders } from './trigger-headers.ts';

const tags = ['Runs'];
const Replay = ReplayRun.omit({ runId: true }).openapi('ReplayRun');
const Revert = RevertRun.omit({ runId: true }).openapi('RevertRun');
const refusals = { ...errors, ...notFound, ...conflict, ...invalid };

const replay = createRoute({
  ...guard('sync.trigger'),
  tags,
  method: 'post',
  path: '/syncs/{id}/runs/{runId}/replay',
  summary: 'Send rows of an ended run again, now, as a run of its own',
  request: { params: RunParameters, headers: TriggerHeaders, body: body(Replay) },
  responses: { ...json(RunJson, 'The new run'), ...refusals },
});
const tryReplay = createRoute({
  ...guard('run.rows'),
  tags,
  method: 'post',
  path: '/syncs/{id}/runs/{runId}/replay/dry-run',
  summary: 'What a replay would send',
  request: { params: RunParameters, body: body(Replay) },
  responses: { ...json(DryRunJson, 'What would happen'), ...refusals },
});
const revert = createRoute({
  ...guard('sync.write'),
  tags,
  method: 'post',
  path: '/syncs/{id}/runs/{runId}/revert',
  summary: 'Take back what an ended run delivered, as a run of its own',
  request: { params: RunParameters, headers: TriggerHeaders, body: optionalBody(Revert) },
  responses: { ...json(RunJson, 'The new run'), ...refusals },
});
const tryRevert = createRoute({
  ...guard('run.rows'),
  tags,
  method: 'post',
  path: '/syncs/{id}/runs/{runId}/revert/dry-run',
  summary: 'What a revert would send',
  request: { params: RunParameters, body: optionalBody(Revert) },
  responses: { ...json(DryRunJson, 'What would happen'), ...refusals },
});

/** Sending rows of an ended run again, and taking them back. */
export function addRepairRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(replay, async ({ env, req, json: answer }) => {
    const { id, runId } = req.valid('param');
    await assertRunOf(env.services, env.actor, { syncId: id, runId });
    const input = { runId, ...req.valid('json') };
    return answer(runJson(await replayRun(env.services, env.actor, input, keyOf(req))), 200);
  });
  app.openapi(tryReplay, async ({ env, req, json: answer }) => {
    const { id, runId } = req.valid('param');
    await assertRunOf(env.services, env.actor, { syncId: id, runId });
    const input = { runId, ...req.valid('json') };
    return answer(
      dryRunJson(await previewReplay(env.services, env.actor, input, { signal: req.raw.signal })),
      200,
    );
  });
  app.openapi(revert, async ({ env, req, json: answer }) => {
    const { id, runId } = req.valid('param');
    await assertRunOf(env.services, env.actor, { syncId: id, runId });
    const input = { runId, ...req.valid('json') };
    return answer(runJson(await revertRun(env.services, env.actor, input, keyOf(req))), 200);
  });
  app.openapi(tryRevert, async ({ env, req, json: answer }) => {
    const { id, runId } = req.valid('param');
    await assertRunOf(env.services, env.actor, { syncId: id, runId });
    const input = { runId, ...req.valid('json') };
    return answer(
      dryRunJson(await previewRevert(env.services, env.actor, input, { signal: req.raw.signal })),
      200,
    );
  });
}
