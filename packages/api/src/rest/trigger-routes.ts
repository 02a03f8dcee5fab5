import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { SluiceError } from '@sluice/domain/error';
import type { AskedResync } from '@sluice/domain/sync';
import { getSyncId } from '@sluice/services/sync/get-sync-id';
import { triggerSync } from '@sluice/services/sync/trigger-sync';
import { body, conflict, errors, guard, invalid, json, notFound, optionalBody } from './guard.ts';
import { IdParameters } from './id-parameters.ts';
import { looseBoolean, looseId } from './loose.ts';
import type { RestEnv } from './rest-env.ts';
import { keyOf, TriggerHeaders } from './trigger-headers.ts';

const tags = ['Triggers'];

const flags = {
  fullResync: looseBoolean.nullish().describe('Send every row again.'),
  resetCDC: looseBoolean.nullish().describe('Take all rows as delivered without sending any.'),
  clearAndFill: looseBoolean.nullish().describe('Refused unless false: no destination here can be cleared.'),
  ignoreGuards: looseBoolean.nullish().describe('Run although a guard of the sync stopped the run before.'),
};
const Flags = z.strictObject(flags).openapi('TriggerSync');
const SyncAndFlags = z
  .strictObject({ syncId: looseId.nullish(), syncSlug: z.string().max(64).nullish(), ...flags })
  .openapi('TriggerSyncByIdOrSlug');

const answered = json(
  z.object({ id: z.string().regex(/^\d+$/) }).openapi('TriggeredRun'),
  'The run: a new one, or the one that already waits to follow the active run. Safe to repeat.',
);

const trigger = createRoute({
  ...guard('sync.trigger'),
  tags,
  method: 'post',
  path: '/syncs/{id}/trigger',
  summary: 'Run a sync',
  request: { params: IdParameters, headers: TriggerHeaders, body: optionalBody(Flags) },
  responses: { ...answered, ...errors, ...notFound, ...conflict, ...invalid },
});
const triggerAny = createRoute({
  ...guard('sync.trigger'),
  tags,
  method: 'post',
  path: '/syncs/trigger',
  summary: 'Run a sync that is named by id or slug, in JSON or a form',
  request: { headers: TriggerHeaders, body: body(SyncAndFlags) },
  responses: { ...answered, ...errors, ...notFound, ...conflict, ...invalid },
});

/** Routes that start runs. */
export function addTriggerRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(triggerAny, async ({ env, req, json: answer }) => {
    const { syncId, syncSlug, ...given } = req.valid('json');
    const id = syncId ?? (await getSyncId(env.services, env.actor, syncSlug || missingSync()));
    const run = await triggerSync(env.services, env.actor, { id, ...optionsOf(given) }, keyOf(req));
    return answer({ id: String(run.id) }, 200);
  });
  app.openapi(trigger, async ({ env, req, json: answer }) => {
    const input = { ...req.valid('param'), ...optionsOf(req.valid('json')) };
    const run = await triggerSync(env.services, env.actor, input, keyOf(req));
    return answer({ id: String(run.id) }, 200);
  });
}

function optionsOf(given: z.infer<typeof Flags>): { resync: AskedResync; ignoreGuards: boolean } {
  if (given.clearAndFill) {
    throw new SluiceError(
      'input_invalid',
      'The destination cannot be cleared, so the sync was not started.',
      {
        fields: { clearAndFill: 'Clearing is for audiences and segments, which no destination here has.' },
        fix: 'Leave clearAndFill out; fullResync sends every row again without deleting anything first.',
      },
    );
  }
  if (given.fullResync && given.resetCDC) {
    throw new SluiceError('input_invalid', 'fullResync sends every row, resetCDC none.', {
      fields: { resetCDC: 'Choose one of the two.' },
    });
  }
  const resync = given.fullResync ? 'full' : given.resetCDC ? 'reset' : 'none';
  return { resync, ignoreGuards: given.ignoreGuards ?? false };
}

function missingSync(): never {
  throw new SluiceError('input_invalid', 'No sync is named.', {
    fields: { syncId: 'Send syncId or syncSlug.' },
  });
}
