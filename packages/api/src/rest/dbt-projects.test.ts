// dbt projects over real HTTP, as a job of CI uses them, and the console's own way to send a manifest.

import { createTestMember } from '@sluice/services/testing/create-test-member';
import { type DbtWorld, openDbtWorld } from '@sluice/services/testing/open-dbt-world';
import { createToken } from '@sluice/services/token/create-token';
import { dbtManifest, dbtRunResults } from '@sluice/testing/dbt/artifacts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handleUploadManifest } from '../http/upload-manifest.ts';
import { type ServedRest, serveRest } from '../testing/serve-rest.ts';

let world: DbtWorld;
let rest: ServedRest;
let session: { userId: number; sessionVersion: number };
const tokens = {} as Record<'read' | 'trigger' | 'write', string>;

beforeAll(async () => {
  world = await openDbtWorld();
  rest = await serveRest(world.ctx);
  for (const scope of ['read', 'trigger', 'write'] as const) {
    const input = { name: scope, scope, expiresInDays: 1, syncIds: null };
    tokens[scope] = (await createToken(world.ctx, world.actor, input)).secret;
  }
  ({ session } = await createTestMember(world.ctx, 'acme', 'editor'));
});
afterAll(async () => {
  await rest.close();
  await world.close();
});

const send = (method: string, path: string, body?: unknown, scope: keyof typeof tokens = 'write') =>
  rest.send(method, `/api/v1${path}`, {
    headers: { authorization: `Bearer ${tokens[scope]}` },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
const customers = { name: 'customers', compiledSql: 'select * from base' };
const manifest = dbtManifest({ nodes: [customers], exposures: [{ name: 'churn', on: ['customers'] }] });

test('from a project to a sync that starts after a build', async () => {
  const created = await send('POST', '/dbt-projects', { name: 'Shop', sourceId: world.sourceId });
  expect(created.status, created.text).toBe(200);
  expect(created.json).toMatchObject({ slug: 'shop', url: null, manifest: null, nodes: 0, models: [] });
  const path = `/dbt-projects/${created.json.id}`;
  expect((await send('PATCH', path, { ...created.json, name: 'Web shop' })).json.name).toBe('Web shop');

  const looked = await send('PUT', `${path}/manifest?apply=false`, manifest);
  expect(looked.json).toMatchObject({ applied: false, added: ['model.shop.customers'] });
  expect((await send('GET', `${path}/nodes`)).json.data).toEqual([]);
  const taken = await send('PUT', `${path}/manifest`, manifest);
  expect(taken.status, taken.text).toBe(200);
  expect(taken.json).toMatchObject({ applied: true, nodes: 1, generatedAt: '2026-11-22T06:00:00.123Z' });
  expect((await send('GET', `${path}/nodes?search=custom`, undefined, 'read')).json).toMatchObject({
    data: [{ uniqueId: 'model.shop.customers', exposures: [{ name: 'churn' }], problem: null }],
    hasMore: false,
    nextCursor: null,
  });
  expect((await send('GET', `/dbt-projects?slug=shop`, undefined, 'read')).json.data).toMatchObject([
    { name: 'Web shop', manifest: { schemaVersion: 12, report: { added: ['model.shop.customers'] } } },
  ]);

  const model = await send('POST', '/models', {
    name: 'Customers',
    sourceId: world.sourceId,
    queryType: 'dbt',
    dbt: { dbtUniqueId: 'model.shop.customers' },
    primaryKey: 'id',
  });
  expect(model.status, model.text).toBe(200);
  expect(model.json).toMatchObject({
    queryType: 'dbt',
    dbt: {
      dbtUniqueId: 'model.shop.customers',
      dbtProject: 'shop',
      compiledSql: 'select * from base',
      rawSql: expect.any(String),
      database: 'postgres',
      schema: 'analytics',
      name: 'customers',
      modelId: expect.any(Number),
      problem: null,
    },
  });
  const again = await send('PATCH', `/models/${model.json.id}`, model.json);
  expect(again.json).toEqual(model.json);

  await world.target.run('create table crm (id int primary key, email text)');
  const sync = await world.sync({
    modelId: model.json.id,
    to: 'postgresql',
    configuration: {
      object: 'public.crm',
      mode: 'upsert',
      matchKey: { from: 'id', to: 'id' },
      mappings: [{ type: 'column', from: 'email', to: 'email' }],
    },
  });
  const results = dbtRunResults({ results: { 'model.shop.customers': 'success' } });
  const built = await send('PUT', `${path}/run-results`, results, 'trigger');
  expect(built.json).toMatchObject({ built: 1, failed: [], started: [{ syncId: sync.id }] });
  expect(await world.ended(built.json.started[0].runId)).toMatchObject({ status: 'success' });
  expect((await send('GET', path)).json.lastBuild).toEqual(built.json);

  expect((await send('DELETE', path)).status).toBe(409);
  const removed = await send('PUT', `${path}/manifest`, { ...manifest, nodes: {} });
  expect(removed.json.models).toMatchObject([{ change: 'removed', syncs: [{ effect: 'broken' }] }]);
  expect((await send('GET', `/models/${model.json.id}`)).json.dbt.problem).toMatch(/not in the newest/);
});

test('refuses files, queries and tokens that do not fit, and says why', async () => {
  const { json: project } = await send('POST', '/dbt-projects', { name: 'Bank', sourceId: world.sourceId });
  const path = `/dbt-projects/${project.id}`;
  const wanted = { name: 'x', sourceId: world.sourceId, primaryKey: 'id', queryType: 'dbt' };
  const refused: [Awaited<ReturnType<typeof send>>, number, RegExp][] = [
    [await send('PUT', `${path}/manifest`, 'not json'), 422, /not valid JSON/],
    [await send('PUT', `${path}/manifest`, ''), 422, /not valid JSON/],
    [await send('PUT', `${path}/manifest`, '[['.repeat(100_000)), 422, /not valid JSON/],
    [await send('PUT', `${path}/manifest`, dbtRunResults({ results: {} })), 422, /run_results\.json/],
    [await send('PUT', `${path}/run-results`, manifest), 422, /is dbt's manifest\.json/],
    [await send('PUT', `${path}/manifest`, manifest, 'trigger'), 403, /./],
    [await send('PUT', `${path}/run-results`, dbtRunResults({ results: {} }), 'read'), 403, /./],
    [await send('PUT', '/dbt-projects/2000000000/manifest', manifest), 404, /./],
    [await send('POST', `${path}/refresh`), 422, /no address/],
    [await send('POST', '/models', { ...wanted, dbt: { dbtUniqueId: 'model.a.b' } }), 422, /bank, shop/],
    [
      await send('POST', '/models', { ...wanted, dbt: { dbtUniqueId: 'model.a.b', dbtProject: 'bank' } }),
      404,
      /model\.a\.b/,
    ],
  ];
  for (const [answer, status, message] of refused) {
    expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(message)]);
  }
});

test('takes manifests that are larger than other bodies', async () => {
  const { json: project } = await send('POST', '/dbt-projects', { name: 'Large', sourceId: world.sourceId });
  const nodes = Array.from({ length: 1_500 }, (_, n) => ({
    name: `node_${n}`,
    description: 'It says a lot. '.repeat(100),
  }));
  const large = JSON.stringify(dbtManifest({ nodes, projectName: 'large' }));
  expect(large.length).toBeGreaterThan(3_000_000);
  const taken = await send('PUT', `/dbt-projects/${project.id}/manifest`, large);
  expect(taken.json).toMatchObject({ nodes: 1_500, counts: { added: 1_500 } });
  expect(taken.json.added).toHaveLength(100);
});

test('the console sends a file with its session, and nobody else does', async () => {
  const { json: project } = await send('POST', '/dbt-projects', { name: 'Upload', sourceId: world.sourceId });
  const upload = (headers: Record<string, string>, as: typeof session | null = session) =>
    handleUploadManifest(
      world.ctx,
      new Request(`${world.ctx.settings.publicUrl}/api/console/dbt-projects/x/manifest?workspace=acme`, {
        method: 'PUT',
        headers,
        body: JSON.stringify(manifest),
      }),
      { session: as, address: '192.0.2.1' },
      { id: String(project.id) },
    );
  const own = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
  expect((await upload({ ...own, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await upload({ ...own, 'content-type': 'text/plain' })).status).toBe(403);
  expect((await upload(own, null)).status).toBe(401);
  const taken = await upload(own);
  expect(await taken.json()).toMatchObject({ applied: true, added: ['model.shop.customers'] });
});
