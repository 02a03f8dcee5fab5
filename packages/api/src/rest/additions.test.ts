// What Sluice adds to the contract: triggers that are safe to repeat, what happened to rows, dry runs, the catalogue.
import { configurationSchema } from '@sluice/domain/field-schema';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { listDestinationConnectors, listSourceConnectors } from '@sluice/services/connector/list-connectors';
import { sweep } from '@sluice/services/retention/sweep';
import { openTestWorld, type TestWorld } from '@sluice/services/testing/open-test-world';
import { createToken } from '@sluice/services/token/create-token';
import type { RawAnswer } from '@sluice/testing/raw-http';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServedRest, serveRest } from '../testing/serve-rest.ts';

let world: TestWorld;
let rest: ServedRest;
let token: string;
let other: string;

beforeAll(async () => {
  world = await openTestWorld();
  rest = await serveRest(world.ctx);
  token = await newToken('first');
  other = await newToken('second');
});
afterAll(async () => {
  await rest.close();
  await world.close();
});

async function newToken(name: string): Promise<string> {
  const input = { name, scope: 'write', expiresInDays: 1, syncIds: null } as const;
  return (await createToken(world.ctx, world.actor, input)).secret;
}

interface Sent {
  readonly body?: object;
  readonly key?: string;
  readonly as?: string;
}

const send = (method: string, path: string, { body, key, as = token }: Sent = {}): Promise<RawAnswer> =>
  rest.send(method, `/api/v1${path}`, {
    headers: {
      authorization: `Bearer ${as}`,
      'content-type': 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });

/** A table of three rows, and a sync of it that refuses every row whose e-mail is `bad`. */
async function newSync(name: string): Promise<number> {
  await world.target.run(
    `create table ${name} (id int primary key, email text)`,
    `insert into ${name} values (1, 'a'), (2, 'bad'), (3, 'c')`,
    `create table ${name}_copy (id int unique, email text check (email <> 'bad'))`,
  );
  const modelId = await world.model({ sql: `select id, email from public.${name}` });
  const configuration: SyncConfigurationInput = {
    object: `public.${name}_copy`,
    mode: 'upsert',
    matchKey: { from: 'id', to: 'id' },
    mappings: [{ type: 'column', from: 'email', to: 'email' }],
  };
  return (await world.sync({ modelId, to: 'postgresql', configuration })).id;
}

describe('Idempotency-Key', () => {
  test('the same key answers the same run, also after that run has ended', async () => {
    const id = await newSync('keyed');
    const path = `/syncs/${id}/trigger`;
    const first = await send('POST', path, { key: 'build 42' });
    await world.ended(Number(first.json.id));
    const again = await send('POST', path, { key: 'build 42' });
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.json).toEqual(first.json);
    expect((await send('POST', '/syncs/trigger', { body: { syncId: id }, key: 'build 42' })).json).toEqual(
      first.json,
    );
    const fresh = await send('POST', path, { key: 'build 43' });
    expect(fresh.json.id).not.toBe(first.json.id);
    await world.ended(Number(fresh.json.id));
    const theirs = await send('POST', path, { key: 'build 42', as: other });
    expect(theirs.json.id).not.toBe(first.json.id);
    await world.ended(Number(theirs.json.id));
  });

  test('a key is for one request only', async () => {
    const [id, second] = [await newSync('once'), await newSync('twice')];
    const first = await send('POST', `/syncs/${id}/trigger`, { key: 'once' });
    for (const refused of [
      await send('POST', `/syncs/${second}/trigger`, { key: 'once' }),
      await send('POST', `/syncs/${id}/trigger`, { key: 'once', body: { fullResync: true } }),
    ]) {
      expect(refused.status).toBe(422);
      expect(refused.json.details.fields).toEqual({ 'Idempotency-Key': expect.any(String) });
    }
    expect((await send('GET', `/syncs/${second}/runs`)).json.data).toEqual([]);
    await world.ended(Number(first.json.id));
  });

  test('twenty at once start one run', async () => {
    const id = await newSync('rush');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send('POST', `/syncs/${id}/trigger`, { key: 'rush' })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1);
    await world.ended(Number(answers[0]?.json.id));
    expect((await send('GET', `/syncs/${id}/runs`)).json.data).toHaveLength(1);
  });

  test('is forgotten after 24 hours, and says when it is none', async () => {
    const id = await newSync('aged');
    const first = await send('POST', `/syncs/${id}/trigger`, { key: 'aged' });
    await world.ended(Number(first.json.id));
    await world.ctx.db.$executeRaw`update trigger_keys set created_at = now() - interval '24 hours'`;
    const second = await send('POST', `/syncs/${id}/trigger`, { key: 'aged' });
    expect(second.json.id).not.toBe(first.json.id);
    await world.ended(Number(second.json.id));
    expect((await send('POST', `/syncs/${id}/trigger`, { key: 'aged' })).json).toEqual(second.json);
    await world.ctx.db.$executeRaw`update trigger_keys set created_at = now() - interval '24 hours'`;
    await sweep(world.ctx, AbortSignal.timeout(10_000));
    expect(await world.ctx.db.triggerKey.count()).toBe(0);
    const refused = await send('POST', `/syncs/${id}/trigger`, { key: 'x'.repeat(256) });
    expect(refused.json.details.fields).toHaveProperty(['idempotency-key']);
  });
});

describe('rows and logs', () => {
  let id: number;
  let runs: number[];

  beforeAll(async () => {
    id = await newSync('history');
    runs = [];
    for (const change of [
      null,
      "update history set email = 'b' where id = 2",
      'delete from history where id = 1',
    ]) {
      if (change) await world.target.run(change);
      const { json } = await send('POST', `/syncs/${id}/trigger`);
      await world.ended(Number(json.id));
      runs.unshift(Number(json.id));
    }
  });

  test('the history of a row tells each run in which it was planned, newest first', async () => {
    const { json } = await send('GET', `/syncs/${id}/rows/2`);
    expect(json).toEqual({
      data: [
        {
          runId: runs[1],
          syncId: id,
          kind: 'sync',
          status: 'success',
          createdAt: expect.any(String),
          finishedAt: expect.any(String),
          class: 'added',
          result: 'delivered',
          code: null,
          message: null,
        },
        expect.objectContaining({
          runId: runs[2],
          status: 'warning',
          result: 'rejected',
          code: expect.any(String),
          message: expect.any(String),
        }),
      ],
      hasMore: false,
      nextCursor: null,
    });
    const removed = (await send('GET', `/syncs/${id}/rows/1`)).json.data;
    expect(removed.map((row: { class: string }) => row.class)).toEqual(['removed', 'added']);
    expect((await send('GET', `/syncs/${id}/rows/unknown%2Fkey%20%22`)).json.data).toEqual([]);
    expect((await send('GET', '/syncs/999999/rows/2')).status).toBe(404);
  });

  test('the history pages by run', async () => {
    const first = (await send('GET', `/syncs/${id}/rows/2?limit=1`)).json;
    expect(first).toMatchObject({ data: [{ runId: runs[1] }], hasMore: true });
    const second = (await send('GET', `/syncs/${id}/rows/2?limit=1&cursor=${first.nextCursor}`)).json;
    expect(second).toMatchObject({ data: [{ runId: runs[2] }] });
  });

  test('the rows of a run page by cursor and filter by result', async () => {
    const path = `/syncs/${id}/runs/${runs[2]}/rows`;
    const keys: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { json }: RawAnswer = await send('GET', `${path}?limit=1${cursor && `&cursor=${cursor}`}`);
      keys.push(...json.data.map(({ key }: { key: string }) => key));
      expect(json.hasMore).toBe(json.nextCursor !== null);
      cursor = json.nextCursor;
    }
    expect(keys.toSorted()).toEqual(['1', '2', '3']);
    const rejected = (await send('GET', `${path}?result=rejected`)).json;
    expect(rejected.data).toEqual([expect.objectContaining({ key: '2', result: 'rejected' })]);
  });

  test('the log of a run is read on from where one stopped', async () => {
    const path = `/syncs/${id}/runs/${runs[0]}/events`;
    const all = (await send('GET', path)).json;
    expect(all.data.length).toBeGreaterThan(1);
    expect(all.data[0]).toMatchObject({ at: expect.stringMatching(/Z$/), message: expect.any(String) });
    const first = (await send('GET', `${path}?limit=1`)).json;
    expect(first).toMatchObject({ data: [all.data[0]], hasMore: true });
    const rest = (await send('GET', `${path}?cursor=${first.nextCursor}`)).json;
    expect(rest.data).toEqual(all.data.slice(1));
    expect((await send('GET', `${path}?cursor=${rest.nextCursor}`)).json).toMatchObject({
      data: [],
      hasMore: false,
      nextCursor: rest.nextCursor,
    });
    expect((await send('GET', `/syncs/${id + 1}/runs/${runs[0]}/events`)).status).toBe(404);
  });

  test('runs of all syncs are listed together', async () => {
    const page = (await send('GET', '/runs?limit=2&status=success,warning')).json;
    expect(page.data[0]).toMatchObject({ id: runs[0], syncId: id, syncSlug: expect.any(String) });
    const next = (await send('GET', `/runs?limit=2&cursor=${page.nextCursor}`)).json;
    expect(next.data[0].id).toBeLessThan(page.data[1].id);
    expect((await send('GET', `/runs/${runs[2]}`)).json).toMatchObject({ status: 'warning', syncId: id });
  });

  test('a dry run tells what would happen, and nothing does', async () => {
    await world.target.run(
      "insert into history values (9, 'z')",
      "update history set email = 'cc' where id = 3",
    );
    const dry = await send('POST', `/syncs/${id}/dry-run`);
    expect(dry.status, dry.text).toBe(200);
    expect(dry.json).toMatchObject({
      querySize: 3,
      plannedRows: { addedCount: 1, changedCount: 1, removedCount: 0 },
      samples: { added: [{ key: '9', record: { email: 'z' } }], removed: [] },
      guard: null,
    });
    const tried = await send('POST', `/syncs/${id}/dry-run`, {
      body: { configuration: { mappings: [{ type: 'column', from: 'id', to: 'email' }] } },
    });
    expect(tried.json.samples.added[0].record).toMatchObject({ email: 9 });
    expect((await send('GET', `/syncs/${id}/runs`)).json.data).toHaveLength(3);
    expect(await world.target.query('select 1 from history_copy where id = 9')).toEqual([]);
  });
});

describe('the catalogue', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false });

  test('has every connector with a schema that fits what can be created', async () => {
    const { json } = await send('GET', '/connectors');
    const types = (kind: string) =>
      json.data
        .filter((item: { kind: string }) => item.kind === kind)
        .map(({ type }: { type: string }) => type);
    const { actor, ctx } = world;
    expect(types('source')).toEqual(listSourceConnectors(ctx, actor).map(({ slug }) => slug));
    expect(types('destination')).toEqual(listDestinationConnectors(ctx, actor).map(({ slug }) => slug));
    for (const { configuration } of json.data) expect(ajv.validateSchema(configuration)).toBe(true);
    const postgresql = json.data.find(({ type }: { type: string }) => type === 'postgresql');
    const fits = ajv.compile(postgresql.configuration);
    expect(fits(world.target.configuration), ajv.errorsText(fits.errors)).toBe(true);
    expect(fits({ ...world.target.configuration, colour: 'red' })).toBe(false);
    expect(postgresql.configuration.properties.password).toMatchObject({ writeOnly: true });
    expect((await send('GET', '/connectors?kind=source')).json.data).toHaveLength(types('source').length);
  });

  test('requires a field only while it is shown', () => {
    const schema = configurationSchema([
      {
        name: 'auth',
        label: 'Auth',
        kind: 'select',
        help: '',
        secret: false,
        required: true,
        options: [
          { value: 'key', label: 'Key' },
          { value: 'none', label: 'None' },
        ],
      },
      {
        name: 'key',
        label: 'Key',
        kind: 'password',
        help: '',
        secret: true,
        required: true,
        visibleWhen: { field: 'auth', values: ['key'] },
      },
    ]);
    const fits = ajv.compile(schema);
    expect([
      fits({ auth: 'none' }),
      fits({ auth: 'key' }),
      fits({ auth: 'key', key: 'k' }),
      fits({}),
    ]).toEqual([true, false, true, false]);
  });
});
