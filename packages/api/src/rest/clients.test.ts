// What real clients of the contract send, byte by byte over a socket, and what each of them reads from the answers.
// Taken from their sources as of November 2026; the worker behind it really delivers rows.
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { openTestWorld, type TestWorld } from '@sluice/services/testing/open-test-world';
import { createToken } from '@sluice/services/token/create-token';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RawAnswer, type ServedRest, serveRest } from '../testing/serve-rest.ts';

let world: TestWorld;
let rest: ServedRest;
let bearer: string;
let syncId: number;
let slug: string;

beforeAll(async () => {
  world = await openTestWorld();
  rest = await serveRest(world.ctx);
  const input = { name: 'orchestrator', scope: 'write', expiresInDays: 1, syncIds: null } as const;
  bearer = `Bearer ${(await createToken(world.ctx, world.actor, input)).secret}`;
  await world.target.run(
    'create table people (id int primary key, email text)',
    "insert into people select n, 'p' || n || '@example.com' from generate_series(1, 3) n",
  );
  const modelId = await world.model({ sql: 'select id, email from public.people' });
  const sync = await world.sync({ modelId, to: 'http', configuration });
  syncId = sync.id;
  slug = sync.slug;
});
afterAll(async () => {
  await rest.close();
  await world.close();
});

const request = { method: 'POST', url: '/rows', body: '{"id": {{ row.id }}}' };
const configuration: SyncConfigurationInput = {
  object: 'request',
  mode: 'trigger',
  triggers: ['added'],
  options: { added: request },
};

/** Words that end a poll of every client, and words that go on. */
const ended = ['cancelled', 'failed', 'success', 'warning', 'interrupted'];
const known = [...ended, 'queued', 'querying', 'processing', 'reporting'];

interface Client {
  readonly name: string;
  /** Headers that it sends with everything. */
  readonly headers?: Record<string, string>;
  readonly trigger: (id: number) => [path: string, headers?: Record<string, string>, body?: string];
  /** How it asks for the run that its trigger named. */
  readonly poll: (id: number, run: string) => string;
}

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const exponent = (id: number | string) => Number(id).toExponential().replace('+', '%2B');

const clients: Client[] = [
  {
    name: 'Kestra: JSON type without a body',
    headers: { ...json, accept: 'application/json' },
    trigger: (id) => [`/api/v1/syncs/${id}/trigger`],
    poll: (id, run) => `/api/v1/syncs/${id}/runs?runId=${run}`,
  },
  {
    name: 'Airflow: a form',
    headers: { accept: 'application/json', 'user-agent': 'AirflowHightouchOperator/4.0.0' },
    trigger: (id) => ['/api/v1/syncs/trigger', form, `syncId=${id}`],
    poll: (id, run) => `/api/v1/syncs/${id}/runs?runId=${run}`,
  },
  {
    name: 'Airflow by slug: a form',
    headers: { accept: 'application/json' },
    trigger: () => ['/api/v1/syncs/trigger', form, `syncSlug=${slug}`],
    poll: (id, run) => `/api/v1/syncs/${id}/runs?runId=${run}`,
  },
  {
    name: 'Dagster: neither type nor body',
    headers: { accept: '*/*', 'user-agent': 'HightouchDagsterOp/0.29.5', 'content-length': '0' },
    trigger: (id) => [`/api/v1/syncs/${id}/trigger`],
    poll: (id, run) => `/api/v1/syncs/${id}/runs?runId=${run}`,
  },
  {
    name: 'Mage: full resync as a JSON boolean',
    headers: json,
    trigger: (id) => [`/api/v1/syncs/${id}/trigger`, {}, '{"fullResync": false}'],
    poll: (id, run) => `/api/v1/syncs/${id}/runs?runId=${run}`,
  },
  {
    name: 'GitHub Action, older: strings for everything',
    headers: { ...json, accept: 'application/json, text/plain, */*', 'user-agent': 'axios/1.7.2' },
    trigger: (id) => ['/api/v1/syncs/trigger', {}, `{"syncId":"${id}","fullResync":"false"}`],
    poll: (id, run) => `/api/v1/syncs/${id}/runs?runId=${run}`,
  },
  {
    name: 'GitHub Action: curl without anything',
    headers: { accept: '*/*', 'user-agent': 'curl/8.5.0' },
    trigger: (id) => [`/api/v1/syncs/${id}/trigger`],
    poll: (id, run) => `/api/v1/syncs/${id}/runs?runId=${run}`,
  },
  {
    name: 'ht CLI: an empty content type, the newest five runs',
    headers: { 'content-type': '' },
    trigger: (id) => [`/api/v1/syncs/${id}/trigger`],
    poll: (id) => `/api/v1/syncs/${id}/runs?limit=5`,
  },
  {
    name: 'Go SDK: ids as floats with exponents',
    headers: { ...json, 'user-agent': 'speakeasy-sdk/go 0.31.4' },
    trigger: (id) => [`/api/v1/syncs/${exponent(id)}/trigger`, {}, '{"fullResync":"false"}'],
    poll: (id, run) => `/api/v1/syncs/${exponent(id)}/runs?runId=${exponent(run)}`,
  },
  {
    name: 'Python SDK: ids as floats',
    headers: { ...json, 'user-agent': 'speakeasy-sdk/python 0.21.0' },
    trigger: (id) => [`/api/v1/syncs/${id}.0/trigger`, {}, '{"fullResync": "false", "resetCDC": false}'],
    poll: (id, run) => `/api/v1/syncs/${id}.0/runs?runId=${run}.0`,
  },
  {
    name: 'Shipyard and scripts with requests: no type, no body',
    headers: { accept: '*/*', 'user-agent': 'python-requests/2.32.3', 'content-length': '0' },
    trigger: (id) => [`/api/v1/syncs/${id}/trigger`],
    poll: (id, run) => `/api/v1/syncs/${id}/runs/?runId=${run}`,
  },
  {
    name: 'axios services: null for what is not said',
    headers: json,
    trigger: (id) => [
      '/api/v1/syncs/trigger',
      {},
      `{"syncId":${id},"syncSlug":null,"fullResync":null,"clearAndFill":false}`,
    ],
    poll: (id, run) => `/api/v1/syncs/${id}/runs?runId=${run}&limit=1&offset=0&orderBy=createdAt`,
  },
];

const authorised = (headers: Record<string, string> = {}) => ({ authorization: bearer, ...headers });
const get = (path: string) => rest.send('GET', path, { headers: authorised() });

test.each(clients)('$name: starts a run and waits for its end', async (client) => {
  const [path, headers, body] = client.trigger(syncId);
  const started = await rest.send('POST', path, {
    headers: { ...authorised(client.headers), ...headers },
    ...(body !== undefined && { body }),
  });
  expect(started.status, started.text).toBe(200);
  expect(started.headers['content-type']).toMatch(/^application\/json/);
  const run: string = started.json.id;
  expect(run).toMatch(/^\d+$/);

  const poll = client.poll(syncId, run);
  const first = await get(poll);
  expect(first.status).toBe(200);
  // Several clients take [0] of the very first answer.
  assertRun(first.json.data[0], run);
  const last = await until(`the end of run ${run}`, async () => {
    const answer = await get(poll);
    assertRun(answer.json.data[0], run);
    return ended.includes(answer.json.data[0].status) ? answer : null;
  });
  expect(last.json.data[0]).toMatchObject({
    status: 'success',
    completionRatio: 1,
    error: null,
    startedAt: expect.stringMatching(/Z$/),
    finishedAt: expect.stringMatching(/Z$/),
  });
});

/** Fields and types that Kestra, Airflow, Dagster, Mage and the SDKs read, from the first answer on. */
function assertRun(run: Record<string, unknown>, id: string): void {
  expect(run.id).toBe(Number(id));
  expect(known).toContain(run.status);
  expect(run.error === null || typeof run.error === 'string').toBe(true);
  expect(run).toHaveProperty('startedAt');
  expect(run).toHaveProperty('finishedAt');
  expect(Number.isInteger(run.querySize)).toBe(true);
  expect(run.completionRatio).toBeGreaterThanOrEqual(0);
  expect(run.completionRatio).toBeLessThanOrEqual(1);
  for (const name of ['plannedRows', 'successfulRows', 'failedRows']) {
    const counts = run[name] as Record<string, unknown>;
    expect(Object.keys(counts).toSorted()).toEqual(['addedCount', 'changedCount', 'removedCount']);
    expect(Object.values(counts).every(Number.isInteger)).toBe(true);
  }
}

test('Prefect 2: the sync turns with the trigger, before its answer, and ends with the run', async () => {
  const before = (await get(`/api/v1/syncs/${syncId}`)).json;
  const started = await rest.send('POST', `/api/v1/syncs/${syncId}/trigger`, {
    headers: authorised(json),
    body: '{"fullResync": true}',
  });
  expect(started.status).toBe(200);
  const turned = (await get(`/api/v1/syncs/${syncId}`)).json;
  expect(Date.parse(turned.lastRunAt)).toBeGreaterThan(Date.parse(before.lastRunAt));
  const words = new Set<string>([turned.status]);
  await until('the end of the sync', async () => {
    const { status } = (await get(`/api/v1/syncs/${syncId}`)).json;
    words.add(status);
    return status === 'success';
  });
  for (const word of words) expect(known).toContain(word);
  expect((await get(`/api/v1/syncs/${syncId}/runs?limit=1`)).json.data[0]).toMatchObject({
    id: Number(started.json.id),
    querySize: 3,
    successfulRows: { addedCount: 3 },
  });
});

test('Airflow 2.x, Prefect 1 and Keboola: start at the old address and wait for the run that follows', async () => {
  const newest = (await get(`/api/v1/syncs/${syncId}/runs?limit=1`)).json.data[0].id;
  const started = await rest.send('POST', `/api/v2/rest/run/${syncId}`, {
    headers: authorised({ accept: 'application/json', 'user-agent': 'AirflowHightouchOperator/2.1.2' }),
  });
  expect(started).toMatchObject({ status: 200 });
  expect(started.json).toEqual({ latest_sync_run_id: newest, message: expect.any(String) });
  const path = `/api/v2/rest/sync/${syncId}?latest_sync_run_id=${newest}`;
  // Its list of words; any other raises.
  const words = ['cancelled', 'failed', 'pending', 'warning', 'success', 'querying', 'processing', 'queued'];
  const job = await until('the end of the run', async () => {
    const { json: answer } = await get(path);
    expect(words).toContain(answer.sync.sync_status);
    return answer.last_sync_run.sync_run_id && answer.sync.sync_status === 'success' ? answer : null;
  });
  expect(Number(job.last_sync_run.sync_run_id)).toBeGreaterThan(newest);
  // Prefect 1 and Keboola ask without a run, with a JSON type.
  const plain = await rest.send('GET', `/api/v2/rest/sync/${syncId}`, { headers: authorised(json) });
  expect(plain.json.sync.sync_status).toBe('success');
  const wanted = job.last_sync_run.sync_run_id;
  const ahead = await get(`/api/v2/rest/sync/${syncId}?latest_sync_run_id=${wanted}`);
  expect(ahead.json.last_sync_run).toEqual({});
});

test('tap-hightouch: each field has the type of its stream', async () => {
  const { json: row } = await get(`/api/v2/rest/sync/${syncId}`);
  expect(row).toEqual({
    id: syncId,
    model_id: expect.any(Number),
    destination_id: expect.any(Number),
    sync: {
      sync_id: syncId,
      sync_paused: false,
      sync_created_at: expect.stringMatching(/Z$/),
      sync_created_by: null,
      sync_schedule: null,
      sync_status: 'success',
      last_run_at: expect.stringMatching(/Z$/),
    },
    last_sync_run: {
      sync_run_id: expect.stringMatching(/^\d+$/),
      sync_run_created_at: expect.any(String),
      sync_run_finished_at: expect.any(String),
      sync_run_error: null,
    },
  });
});

test('Airflow 1.x: four words are all it knows', async () => {
  const headers = authorised({ accept: 'application/json' });
  expect((await rest.send('POST', `/api/v1/rest/triggerSync/${syncId}`, { headers })).json.success).toBe(
    true,
  );
  await until('the end of the run', async () => {
    const { status } = (await get(`/api/v1/rest/syncStatus/${syncId}`)).json.sync;
    expect(['pending', 'running', 'succeeded']).toContain(status);
    return status === 'succeeded';
  });
});

test('ht CLI, DataHub and PostHog: lists of everything page to their end', async () => {
  for (const noun of ['sources', 'models', 'destinations', 'syncs']) {
    const all = (await get(`/api/v1/${noun}?limit=100&offset=0`)).json;
    expect(all.hasMore).toBe(false);
    const ids: number[] = [];
    for (let offset = 0; ; offset += 1) {
      const page = (await get(`/api/v1/${noun}/?limit=1&offset=${offset}&orderBy=createdAt`)).json;
      ids.push(...page.data.map(({ id }: { id: number }) => id));
      if (!page.hasMore) break;
    }
    expect(ids).toEqual(all.data.map(({ id }: { id: number }) => id));
    const [{ slug: first }] = all.data;
    expect((await get(`/api/v1/${noun}?slug=${first}`)).json.data).toHaveLength(1);
    expect((await get(`/api/v1/${noun}?slug=no-such-slug`)).json).toEqual({ data: [], hasMore: false });
  }
  expect((await get(`/api/v1/syncs/${syncId}/runs?limit=10`)).json.data).toHaveLength(10);
});

test('SDKs and Terraform: create, read, change and see the change', async () => {
  const send = (method: string, path: string, body: object): Promise<RawAnswer> =>
    rest.send(method, path, { headers: authorised(json), body: JSON.stringify(body) });
  const source = (
    await send('POST', '/api/v1/sources', {
      name: 'Terraform',
      slug: 'terraform',
      type: 'postgresql',
      configuration: { ...world.target.configuration, port: String(world.target.configuration.port) },
    })
  ).json;
  expect(source).toMatchObject({ id: expect.any(Number), slug: 'terraform', type: 'postgresql' });
  expect(JSON.stringify(source)).not.toContain(world.target.password);
  const merged = await send('PATCH', `/api/v1/sources/${source.id}.0`, {
    name: 'Warehouse 2',
    configuration: { connectTimeout: undefined },
  });
  expect(merged.json).toMatchObject({ name: 'Warehouse 2', configuration: { user: 'sluice' } });
  const model = await send('POST', '/api/v1/models?skipColumnQuery=false', {
    name: 'People',
    slug: 'people',
    sourceId: String(source.id),
    queryType: 'raw_sql',
    primaryKey: 'id',
    isSchema: false,
    raw: { sql: 'select id, email from public.people' },
  });
  expect(model).toMatchObject({ status: 200 });
  const created = await send('POST', '/api/v1/syncs', {
    name: 'ignored',
    slug: 'people-api',
    sourceId: source.id,
    modelId: String(model.json.id),
    destinationId: String(world.destinations.http),
    configuration,
    schedule: {},
    disabled: false,
  });
  expect(created.status, created.text).toBe(200);
  expect(created.json.schedule).toBeNull();
  const path = `/api/v1/syncs/${created.json.id}`;
  const visual = {
    type: 'custom',
    schedule: { expressions: [{ days: { monday: true, friday: true }, time: '06:30' }] },
  };
  expect((await send('PATCH', path, { schedule: visual, disabled: 'true' })).json).toMatchObject({
    schedule: { ...visual, type: 'visual' },
    disabled: true,
    status: 'disabled',
  });
  // What was read may be sent back as a whole.
  const { json: read } = await get(path);
  expect((await send('PATCH', path, read)).json).toEqual({ ...read, updatedAt: expect.any(String) });
  const moved = await send('PATCH', path, { destinationId: world.destinations.postgresql });
  expect(moved).toMatchObject({ status: 422 });
  expect(moved.json).toMatchObject({
    message: 'Validation failed',
    details: { fields: { destinationId: expect.stringContaining('stays') } },
  });
  expect((await rest.send('DELETE', path, { headers: authorised() })).status).toBe(204);
  expect((await get(path)).status).toBe(404);
});

test('wrong credentials of any kind are 401 before anything else', async () => {
  for (const authorization of ['', 'Basic YTpi', 'Bearer', 'Bearer nope', bearer.slice(7)]) {
    for (const path of ['/api/v1/syncs', '/api/v1/syncs/999', '/api/v2/rest/sync/1', '/api/v1/nowhere']) {
      const answer = await rest.send('GET', path, { headers: { authorization } });
      expect(answer.status).toBe(401);
      expect(answer.json.message).toEqual(expect.any(String));
    }
  }
});
