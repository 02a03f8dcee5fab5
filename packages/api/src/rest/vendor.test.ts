// The vendor's own document judges the answers: every object and every list that clients of it read.
import { SyncConfiguration } from '@sluice/domain/sync';
import { createTestMember } from '@sluice/services/testing/create-test-member';
import { createTestResources, type TestResources } from '@sluice/services/testing/create-test-resources';
import { openTestContext, type TestContext } from '@sluice/services/testing/open-test-context';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedDirectory } from '../testing/env.ts';
import { type ServedRest, serveRest } from '../testing/serve-rest.ts';
import { readVendorSchemas } from '../testing/vendor-schemas.ts';

const check = readVendorSchemas(sharedDirectory);
const reason = `no specs/hightouch-openapi.json in ${sharedDirectory}: set SLUICE_SHARED_DIR`;

describe.skipIf(check === null)(check ? 'the vendor’s schemas' : `the vendor’s schemas (${reason})`, () => {
  let ctx: TestContext;
  let rest: ServedRest;
  let made: TestResources;
  beforeAll(async () => {
    ctx = await openTestContext();
    const { actor } = await createTestMember(ctx, 'acme');
    made = await createTestResources(ctx, actor.workspaceId, 'acme');
    rest = await serveRest(ctx);
  });
  afterAll(async () => {
    await rest.close();
    await ctx.close();
  });

  const send = (method: string, path: string, body?: object) =>
    rest.send(method, `/api/v1${path}`, {
      headers: { authorization: `Bearer ${made.tokenSecret}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  const valid = (name: string, value: unknown) => expect(check?.(name, value)).toBeNull();

  test('the judge does judge', () => {
    expect(check?.('TriggerRunOutput', { id: 12 })).toContain('must be string');
    expect(check?.('Source', { id: 1 })).toContain('required');
    expect(check?.('SyncRunStatus', 'running')).not.toBeNull();
  });

  test('sources, models and destinations, alone and in lists', async () => {
    for (const [name, path, id] of [
      ['Source', '/sources', made.sourceId],
      ['Model', '/models', made.modelId],
      ['Destination', '/destinations', made.destinationId],
    ] as const) {
      valid(name, (await send('GET', `${path}/${id}`)).json);
      for (const item of (await send('GET', path)).json.data) valid(name, item);
      valid(name, (await send('PATCH', `${path}/${id}`, { name: 'Renamed' })).json);
    }
  });

  test('models of both kinds, new ones included', async () => {
    const base = { sourceId: made.sourceId, primaryKey: 'id', isSchema: false };
    const bodies = [
      { ...base, name: 'Raw', slug: 'raw', queryType: 'raw_sql', raw: { sql: 'select 1 as id' } },
      { ...base, name: 'Table', slug: 'table', queryType: 'table', table: { name: 'public.people' } },
    ];
    for (const body of bodies) {
      const created = await send('POST', '/models?skipColumnQuery=true', body);
      expect(created.status, created.text).toBe(200);
      valid('Model', created.json);
    }
  });

  test('a sync in every state, with every kind of schedule', async () => {
    const schedules = [
      null,
      { type: 'interval', schedule: { interval: { unit: 'minute', quantity: 15 } } },
      { type: 'cron', schedule: { expression: '0 6 * * *' } },
      { type: 'visual', schedule: { expressions: [{ days: { sunday: true }, time: '00:00' }] } },
    ];
    for (const schedule of schedules) {
      const patched = await send('PATCH', `/syncs/${made.syncId}`, { schedule });
      expect(patched.json.schedule).toEqual(schedule);
      valid('Sync', patched.json);
    }
    valid('Sync', (await send('PATCH', `/syncs/${made.syncId}`, { disabled: true })).json);
    const { json } = await send('PATCH', `/syncs/${made.syncId}`, { disabled: false });
    valid('Sync', json);
    expect(SyncConfiguration.safeParse(json.configuration).success).toBe(true);
    for (const item of (await send('GET', '/syncs')).json.data) valid('Sync', item);
  });

  test('runs: the one just started and those that ended in each way', async () => {
    const { json: started } = await send('POST', `/syncs/${made.syncId}/trigger`);
    valid('TriggerRunOutput', started);
    const { workspaceId } = await ctx.db.sync.findUniqueOrThrow({ where: { id: made.syncId } });
    for (const status of ['success', 'warning', 'failed', 'cancelled', 'interrupted']) {
      const error =
        status === 'failed' ? { code: 'internal', message: 'It broke.', fix: 'Mend it.' } : undefined;
      const times = { startedAt: new Date(), finishedAt: new Date() };
      await ctx.db.run.create({
        data: {
          workspaceId,
          syncId: made.syncId,
          status,
          trigger: 'api',
          triggeredBy: 'x',
          ...times,
          ...(error && { error }),
        },
      });
    }
    const { json: page } = await send('GET', `/syncs/${made.syncId}/runs?limit=100`);
    expect(page.data).toHaveLength(7);
    for (const run of page.data) valid('SyncRun', run);
  });

  test('refusals of input', async () => {
    const refusals = [
      await send('POST', '/sources', { name: 1, type: 'nope', wrong: true }),
      await send('POST', '/models', {}),
      await send('PATCH', `/syncs/${made.syncId}`, { configuration: { mode: 'sideways' } }),
      await send('POST', '/syncs/trigger', {}),
      await send('GET', '/syncs?orderBy=colour'),
    ];
    for (const { status, json } of refusals) {
      expect(status).toBe(422);
      valid('ValidateErrorJSON', json);
    }
  });
});
