import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { changeClasses } from '@sluice/domain/change';
import { DecideDoubts } from '@sluice/domain/doubt';
import { editKinds, rollouts } from '@sluice/domain/edit-effect';
import { RowFilter } from '@sluice/domain/row-filter';
import { decideDoubts } from '@sluice/services/sync/decide-doubts';
import { effectOfEdit } from '@sluice/services/sync/effect-of-edit';
import { getSync } from '@sluice/services/sync/get-sync';
import { listDoubts } from '@sluice/services/sync/list-doubts';
import { triggerSync } from '@sluice/services/sync/trigger-sync';
import { CursorQuery, cursorPageOf } from './cursor-page.ts';
import { body, conflict, errors, guard, invalid, json, notFound, optionalBody } from './guard.ts';
import { IdParameters } from './id-parameters.ts';
import { looseBoolean } from './loose.ts';
import { plainRow } from './plain-row.ts';
import type { RestEnv } from './rest-env.ts';
import { RunJson, runJson } from './run-json.ts';
import { mergedConfiguration } from './sync-json.ts';
import { keyOf, TriggerHeaders } from './trigger-headers.ts';

const EffectJson = z
  .object({
    ledgerRows: z.number().int().describe('Rows that the destination is known to hold.'),
    broken: z.boolean().describe('The next run would fail: a column that the sync uses is gone.'),
    effects: z.array(
      z.object({
        kind: z.enum(editKinds),
        title: z.string(),
        explanation: z.string(),
        names: z.array(z.string()),
      }),
    ),
    choices: z
      .array(z.object({ rollout: z.enum(rollouts), label: z.string(), explanation: z.string() }))
      .describe('What `rollout` of PATCH may be; the first is what happens without it.'),
  })
  .openapi('EditEffects');

const DoubtJson = z
  .object({
    key: z.string(),
    class: z.enum(changeClasses),
    row: z.record(z.string(), z.unknown()).describe('Values that may have arrived.'),
  })
  .openapi('RowInDoubt');

const effects = createRoute({
  ...guard('sync.write'),
  tags: ['Syncs'],
  method: 'post',
  path: '/syncs/{id}/effects',
  summary: 'What a change of the configuration would do to rows delivered before: nothing is saved',
  request: {
    params: IdParameters,
    body: body(z.strictObject({ configuration: z.record(z.string(), z.unknown()) }).openapi('EffectsOfEdit')),
  },
  responses: { ...json(EffectJson, 'The consequences'), ...errors, ...notFound, ...invalid },
});
const backfill = createRoute({
  ...guard('sync.trigger'),
  tags: ['Triggers'],
  method: 'post',
  path: '/syncs/{id}/backfill',
  summary: 'Send rows again that have not changed: all of them, or those of a filter',
  request: {
    params: IdParameters,
    headers: TriggerHeaders,
    body: optionalBody(
      z
        .strictObject({ filter: RowFilter.optional(), ignoreGuards: looseBoolean.default(false) })
        .openapi('BackfillSync'),
    ),
  },
  responses: { ...json(RunJson, 'The run'), ...errors, ...notFound, ...conflict, ...invalid },
});
const doubts = createRoute({
  ...guard('run.rows'),
  tags: ['Rows'],
  method: 'get',
  path: '/syncs/{id}/doubts',
  summary: 'Rows of which nobody knows whether they arrived',
  request: {
    params: IdParameters,
    query: CursorQuery.extend({
      search: z.string().max(500).optional().describe('Beginning of the primary key.'),
    }),
  },
  responses: {
    ...json(cursorPageOf(DoubtJson).extend({ total: z.number().int() }), 'A page of rows by key'),
    ...errors,
    ...notFound,
    ...invalid,
  },
});
const decide = createRoute({
  ...guard('sync.write'),
  tags: ['Rows'],
  method: 'post',
  path: '/syncs/{id}/doubts',
  summary: 'Say of rows in doubt that they arrived, or send them again',
  request: {
    params: IdParameters,
    body: body(DecideDoubts.omit({ id: true }).openapi('DecideDoubts')),
  },
  responses: {
    ...json(
      z
        .object({
          arrived: z.number().int().describe('Rows that count as delivered now.'),
          run: RunJson.nullable().describe('The run that sends rows again.'),
        })
        .openapi('DecidedDoubts'),
      'What became of them',
    ),
    ...errors,
    ...notFound,
    ...conflict,
    ...invalid,
  },
});

/** Rows that were delivered before: what an edit does to them, sending them again, and those in doubt. */
export function addDeliveredRoutes(app: OpenAPIHono<RestEnv>): void {
  app.openapi(effects, async ({ env, req, json: answer }) => {
    const { id } = req.valid('param');
    const current = await getSync(env.services, env.actor, { id });
    const configuration = mergedConfiguration(current.configuration, req.valid('json').configuration);
    const {
      ledgerRows,
      broken,
      effects: found,
      choices,
    } = await effectOfEdit(env.services, env.actor, { id, configuration }, req.raw);
    return answer({ ledgerRows, broken, effects: found, choices }, 200);
  });
  app.openapi(backfill, async ({ env, req, json: answer }) => {
    const input = { ...req.valid('param'), ...req.valid('json'), resync: 'backfill' } as const;
    return answer(runJson(await triggerSync(env.services, env.actor, input, keyOf(req))), 200);
  });
  app.openapi(doubts, async ({ env, req, json: answer }) => {
    const input = { ...req.valid('param'), ...req.valid('query') };
    const { items, nextCursor, total } = await listDoubts(env.services, env.actor, input);
    const data = items.map(({ key, class: name, row }) => ({ key, class: name, row: plainRow(row) }));
    return answer({ data, hasMore: nextCursor !== null, nextCursor, total }, 200);
  });
  app.openapi(decide, async ({ env, req, json: answer }) => {
    const input = { ...req.valid('param'), ...req.valid('json') };
    const { run, arrived } = await decideDoubts(env.services, env.actor, input);
    return answer({ arrived, run: run && runJson(run) }, 200);
  });
}
