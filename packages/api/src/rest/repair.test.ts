// Over the API: what an edit does, sending rows again, taking a run back, rows in doubt, the history of a key.
import { openTestWorld, type TestWorld } from '@sluice/services/testing/open-test-world';
import { createToken } from '@sluice/services/token/create-token';
import type { RawAnswer } from '@sluice/testing/raw-http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ServedRest, serveRest } from '../testing/serve-rest.ts';

let world: TestWorld;
let rest: ServedRest;
let tokens: Record<'write' | 'trigger' | 'read', string>;
let id: number;

beforeAll(async () => {
  world = await openTestWorld();
  rest = await serveRest(world.ctx);
  const secret = async (scope: 'write' | 'trigger' | 'read') =>
    (await createToken(world.ctx, world.actor, { name: scope, scope, expiresInDays: 1, syncIds: null }))
      .secret;
  tokens = { write: await secret('write'), trigger: await secret('trigger'), read: await secret('read') };
});
afterAll(async () => {
  await rest.close();
  await world.close();
});

const send = (
  method: string,
  path: string,
  { body, as = 'write', key }: { body?: object; as?: keyof typeof tokens; key?: string } = {},
): Promise<RawAnswer> =>
  rest.send(method, `/api/v1${path}`, {
    headers: {
      authorization: `Bearer ${tokens[as]}`,
      'content-type': 'application/json',
      ...(key && { 'idempotency-key': key }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });

let table = 0;
beforeEach(async () => {
  table += 1;
  const name = `people_${table}`;
  await world.target.run(
    `create table ${name} (id bigint primary key, email text)`,
    `insert into ${name} values (1, 'a'), (2, 'bad'), (9007199254740993, 'c')`,
    `create table ${name}_copy (id bigint unique, email text check (email <> 'bad'))`,
  );
  const modelId = await world.model({ sql: `select id, email from public.${name}` });
  const sync = await world.sync({
    modelId,
    to: 'postgresql',
    configuration: {
      object: `public.${name}_copy`,
      mode: 'mirror',
      matchKey: { from: 'id', to: 'id' },
      mappings: [{ type: 'column', from: 'email', to: 'email' }],
    },
  });
  id = sync.id;
});

describe('rows of an ended run', () => {
  test('are corrected and sent again', async () => {
    const run = await world.run(id);
    const body = { rows: { which: 'failed' }, corrections: [{ seq: 2, values: { email: 'b' } }] };
    const path = `/syncs/${id}/runs/${run.id}/replay`;
    const tried = await send('POST', `${path}/dry-run`, { body });
    expect(tried.json).toMatchObject({ querySize: 1, plannedRows: { addedCount: 1 }, supersededRows: 0 });
    const rows = await send('GET', `/dry-runs/${tried.json.id}/rows?class=added`);
    expect(rows.json.data[0]).toMatchObject({
      key: '2',
      fields: [{ field: 'id' }, { field: 'email', after: 'b' }],
    });
    const replay = await send('POST', path, { body, key: 'once' });
    expect(replay.status).toBe(200);
    expect(await world.ended(replay.json.id as number)).toMatchObject({ status: 'success' });
    expect((await send('POST', path, { body, key: 'once' })).json.id).toBe(replay.json.id);
  });

  test('name what is wrong with a request for them', async () => {
    const run = await world.run(id);
    const path = `/syncs/${id}/runs/${run.id}/replay`;
    const fieldsOf = async (body: object) => {
      const answer = await send('POST', path, { body });
      expect(answer.status).toBe(422);
      return Object.keys((answer.json.details as { fields: object }).fields);
    };
    expect(await fieldsOf({})).toEqual(['rows']);
    expect(await fieldsOf({ rows: { which: 'chosen', seqs: [] } })).toEqual(['rows.seqs']);
    expect(await fieldsOf({ rows: { which: 'failed' }, corrections: [{ seq: 1, values: {} }] })).toEqual([
      'corrections.0.values',
    ]);
    const wrong = { rows: { which: 'failed' }, corrections: [{ seq: 2, values: { nothing: 'x' } }] };
    const tried = await send('POST', `${path}/dry-run`, { body: wrong });
    expect(tried.json.details).toMatchObject({
      fields: { 'corrections.0.values.nothing': expect.any(String) },
    });
  });

  test('are corrected only by those who may see rows', async () => {
    const run = await world.run(id);
    const path = `/syncs/${id}/runs/${run.id}/replay`;
    const corrected = { rows: { which: 'failed' }, corrections: [{ seq: 2, values: { email: 'b' } }] };
    expect((await send('POST', path, { body: corrected, as: 'trigger' })).status).toBe(403);
    const plain = await send('POST', path, { body: { rows: { which: 'failed' } }, as: 'trigger' });
    expect(plain.status).toBe(200);
    await world.ended(plain.json.id as number);
  });

  test('are chosen by their reason', async () => {
    const run = await world.run(id);
    const path = `/syncs/${id}/runs/${run.id}`;
    const { data } = (await send('GET', `${path}/reasons`)).json as {
      data: { reason: string; count: number }[];
    };
    expect(data).toMatchObject([{ result: 'rejected', count: 1, examples: ['2'] }]);
    const body = { rows: { which: 'failed', reasons: [data[0]?.reason] } };
    expect((await send('POST', `${path}/replay/dry-run`, { body })).json).toMatchObject({ querySize: 1 });
    const rows = await send('GET', `${path}/rows?result=rejected`);
    expect(rows.json.data).toMatchObject([{ seq: 2, key: '2' }]);
  });

  test('are taken back', async () => {
    const run = await world.run(id);
    const path = `/syncs/${id}/runs/${run.id}/revert`;
    expect((await send('POST', path, { as: 'trigger' })).status).toBe(403);
    expect((await send('POST', `${path}/dry-run`)).json).toMatchObject({ plannedRows: { removedCount: 2 } });
    const revert = await send('POST', path);
    await world.ended(revert.json.id as number);
    expect(await world.target.query(`select * from public.people_${table}_copy`)).toEqual([]);
  });
});

test('what an edit does is told, chosen and done', async () => {
  await world.run(id);
  const configuration = { mappings: [{ type: 'static', value: 'x', to: 'email' }] };
  const told = await send('POST', `/syncs/${id}/effects`, { body: { configuration } });
  expect(told.json).toMatchObject({ ledgerRows: 2, broken: false });
  expect((told.json.choices as { rollout: string }[]).map(({ rollout }) => rollout)).toEqual([
    'from_now',
    'backfill',
  ]);
  const body = { configuration, rollout: 'backfill' };
  expect((await send('POST', `/syncs/${id}/dry-run`, { body })).json.plannedRows).toMatchObject({
    addedCount: 1,
    changedCount: 2,
  });
  expect((await send('PATCH', `/syncs/${id}`, { body })).status).toBe(200);
  expect((await world.run(id)).counts.delivered.changed).toBe(2);
});

test('a backfill takes a filter', async () => {
  await world.run(id);
  const filter = [{ column: 'id', operator: 'equals', value: '9007199254740993' }];
  const run = await send('POST', `/syncs/${id}/backfill`, { body: { filter } });
  expect((await world.ended(run.json.id as number)).counts.delivered).toMatchObject({ changed: 1, added: 0 });
  const wrong = await send('POST', `/syncs/${id}/backfill`, {
    body: { filter: [{ column: 'id', operator: 'in', value: 'x' }] },
  });
  expect(wrong.json.details).toMatchObject({ fields: { 'filter.0.value': expect.any(String) } });
});

test('rows in doubt are listed and decided', async () => {
  await world.run(id);
  expect((await send('GET', `/syncs/${id}/doubts`)).json).toEqual({
    data: [],
    hasMore: false,
    nextCursor: null,
    total: 0,
  });
  const decided = await send('POST', `/syncs/${id}/doubts`, { body: { decision: 'arrived', keys: null } });
  expect(decided.json).toEqual({ arrived: 0, run: null });
  expect((await send('GET', `/syncs/${id}/doubts`, { as: 'read' })).status).toBe(403);
});

test('the history of a key is over all syncs', async () => {
  const run = await world.run(id);
  const { data } = (await send('GET', '/rows/9007199254740993')).json as { data: object[] };
  expect(data[0]).toMatchObject({
    runId: run.id,
    syncId: id,
    kind: 'sync',
    class: 'added',
    result: 'delivered',
  });
});
