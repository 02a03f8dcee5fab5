// Settings that cannot work: the message says what happened and what to do, stands at its field, and nothing is kept.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Actor } from '@sluice/domain/actor';
import type { CheckResult } from '@sluice/domain/connector';
import type { SluiceError } from '@sluice/domain/error';
import type { Schedule } from '@sluice/domain/schedule';
import { SyncConfiguration } from '@sluice/domain/sync';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkDestination } from '../destination/check-destination.ts';
import { createDestination } from '../destination/create-destination.ts';
import { createModel } from '../model/create-model.ts';
import { previewModel } from '../model/preview-model.ts';
import { updateModel } from '../model/update-model.ts';
import { previewSchedule } from '../schedule/preview-schedule.ts';
import { checkSource } from '../source/check-source.ts';
import { createSource } from '../source/create-source.ts';
import { createSync } from '../sync/create-sync.ts';
import { updateSync } from '../sync/update-sync.ts';
import { createTestMember } from '../testing/create-test-member.ts';
import { dumpTables } from '../testing/dump-tables.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { startTargetPostgres, type TargetPostgres } from '../testing/start-target-postgres.ts';

let target: TargetPostgres;
let ctx: TestContext;
let actor: Actor;
let closedPort: number;
let sourceId: number;
let modelId: number;
let destinationId: number;
let syncId: number;

const options = () => ({ signal: AbortSignal.timeout(20_000) });
const sql = (text: string) => ({ queryType: 'raw_sql' as const, sql: text });
const requests = SyncConfiguration.parse({
  object: 'request',
  mode: 'trigger',
  triggers: ['added'],
  options: { added: { method: 'POST', url: '/people' } },
});

beforeAll(async () => {
  target = await startTargetPostgres();
  await target.run(
    'create table public.people (id int, email text)',
    `insert into public.people select n, 'p' || n || '@example.com' from generate_series(1, 10) n`,
  );
  closedPort = await freePort();
  ctx = await openTestContext({ EGRESS_ALLOW: `${target.hostPort},127.0.0.1:${closedPort}` });
  ({ actor } = await createTestMember(ctx, 'acme', 'admin'));
  ({ id: sourceId } = await newSource({}));
  ({ id: modelId } = await newModel({}));
  const http = { type: 'http-request', configuration: { baseUrl: 'https://api.example.com', headers: [] } };
  ({ id: destinationId } = await createDestination(ctx, actor, { name: 'API', ...http }));
  ({ id: syncId } = await newSync({}));
});
afterAll(async () => {
  await ctx.close();
  await target.stop();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const newSource = (configuration: object) =>
  createSource(ctx, actor, {
    name: 'Warehouse',
    type: 'postgresql',
    configuration: { ...target.configuration, ...configuration },
  });
const newModel = (input: Partial<Parameters<typeof createModel>[2]>) =>
  createModel(
    ctx,
    actor,
    {
      name: 'People',
      description: '',
      sourceId,
      query: sql('select id, email from public.people'),
      primaryKey: 'id',
      tags: {},
      skipColumnQuery: false,
      ...input,
    },
    options(),
  );
const newSync = (input: Partial<Parameters<typeof createSync>[2]>) =>
  createSync(
    ctx,
    actor,
    { modelId, destinationId, configuration: requests, schedule: null, disabled: false, tags: {}, ...input },
    options(),
  );
const checkOf = (configuration: object): Promise<CheckResult[]> =>
  checkSource(
    ctx,
    actor,
    { type: 'postgresql', configuration: { ...target.configuration, ...configuration } },
    options(),
  );
const failedOf = (checks: CheckResult[]) => checks.find(({ status }) => status === 'failed');

describe('a connection that cannot work', () => {
  keepsEverything();

  test('with a wrong password fails at signing in, at the source and the destination alike', async () => {
    const configuration = { ...target.configuration, password: 'wrong-one' };
    for (const check of [checkSource, checkDestination]) {
      const checks = await check(ctx, actor, { type: 'postgresql', configuration }, options());
      expect(checks.slice(0, 3).map(({ status }) => status)).toEqual(['passed', 'passed', 'failed']);
      expect(new Set(checks.slice(3).map(({ status }) => status))).toEqual(new Set(['skipped']));
      expect(failedOf(checks)).toMatchObject({
        name: 'sign_in',
        message: `The server at ${target.hostPort} refused the user or the password.`,
        fix: expect.stringContaining('Check user and password'),
      });
      expect(JSON.stringify(checks)).not.toContain('wrong-one');
    }
  });

  test.each([
    ['a name that nobody knows', { host: 'nowhere.invalid' }, /nowhere\.invalid was not found/, /spelling/],
    [
      'a port that nobody listens on',
      { closed: true },
      /No PostgreSQL server could be reached at/,
      /firewall/,
    ],
  ])('cannot reach %s', async (_, { closed, ...given }: { closed?: boolean; host?: string }, what, fix) => {
    const checks = await checkOf({ ...given, ...(closed && { port: closedPort }) });
    expect(failedOf(checks)).toMatchObject({
      name: 'reach',
      message: expect.stringMatching(what),
      fix: expect.stringMatching(fix),
    });
    expect(checks.slice(1).every(({ status }) => status === 'skipped')).toBe(true);
  });

  test.each([
    ['an address of a private network', '10.0.0.1'],
    ['a name that means this machine', 'localhost'],
    ['the address where clouds keep credentials', '169.254.169.254'],
    ['a private address in IPv6 clothes', '::ffff:10.0.0.1'],
  ])('is refused to reach %s, unless the operator allows it', async (_, host) => {
    const named = host.includes(':') ? `[${host}]:5432` : `${host}:5432`;
    const failed = failedOf(await checkOf({ host, port: 5432 }));
    expect(failed?.message).toMatch(/^Sluice does not connect to .*:5432: the address is not public\.$/);
    expect(failed?.fix).toMatch(/have the operator add .*:5432 to EGRESS_ALLOW/);
    const baseUrl = `http://${named}/hook`;
    const http = await checkDestination(
      ctx,
      actor,
      { type: 'http-request', configuration: { baseUrl, headers: [] } },
      options(),
    );
    expect(failedOf(http)).toMatchObject({ name: 'address', fix: expect.stringContaining('EGRESS_ALLOW') });
  });

  test.each([
    [{ host: 'https://db.example.com' }, 'configuration.host', 'Enter only the host'],
    [{ port: 70_000 }, 'configuration.port', '1 to 65535'],
    [{ user: '' }, 'configuration.user', ''],
  ])('names the field that makes no sense: %j', async (wrong, field, words) => {
    const failure = await failureOf(newSource(wrong));
    expect(failure.code).toBe('input_invalid');
    expect(Object.keys(failure.fields ?? {})).toEqual([field]);
    expect(failure.fields?.[field]).toContain(words);
  });
});

test('a query over a connection that does not work says what is wrong with the connection', async () => {
  const wrong: [object, string, RegExp][] = [
    [{ password: 'wrong-one' }, 'source_auth', /Check user and password/],
    [{ host: 'nowhere.invalid' }, 'source_unreachable', /spelling/],
    [{ host: '10.0.0.1' }, 'egress_refused', /EGRESS_ALLOW/],
  ];
  for (const [configuration, code, fix] of wrong) {
    const source = await newSource(configuration);
    const attempts = [
      () => newModel({ sourceId: source.id }),
      () => previewModel(ctx, actor, { sourceId: source.id, query: sql('select 1 as id') }, options()),
    ];
    for (const attempt of attempts) {
      const failure = await failureOf(attempt());
      expect(failure).toMatchObject({ code, fix: expect.stringMatching(fix) });
      // It is not the query's fault.
      expect(failure.fields).toBeUndefined();
    }
  }
});

describe('a model that cannot work', () => {
  keepsEverything();

  test.each([
    ['selec id', 1, 1, 'syntax error at or near "selec"', /Correct the query at the place/],
    ['select id,\n  emial from public.people', 2, 3, '"emial" does not exist', /people\.email/],
    ["select id,\n  'ünïcödé 🙂' as x, nope from public.people", 2, 21, '"nope"', /bring the column back/],
    ['select id from public.persons', 1, 16, '"public.persons" does not exist', /renamed or dropped/],
    ['select id from', 1, 15, 'end of input', /Correct the query/],
  ])('because %j does not parse: the place is named', async (text, line, column, words, fix) => {
    const attempts = [
      () => newModel({ query: sql(text) }),
      () => updateModel(ctx, actor, { id: modelId, query: sql(text), acceptFullResync: true }, options()),
    ];
    for (const attempt of attempts) {
      const failure = await failureOf(attempt());
      expect(failure).toMatchObject({ code: 'query_invalid', details: { line, column } });
      expect(failure.message).toMatch(new RegExp(`^Line ${line}, column ${column}: .*`));
      expect(failure.message).toContain(words);
      expect(failure.fix).toMatch(fix);
      expect(failure.fields).toEqual({ query: failure.message });
    }
  });

  test.each([
    ['delete from public.people returning id', 'begins with DELETE'],
    ['drop table public.people', 'begins with DROP'],
    ['with gone as (delete from public.people returning id) select id from gone', 'may only read'],
    ['select id from public.people; delete from public.people', 'several statements'],
    ['select id into public.copy from public.people', 'may only read'],
  ])('because %j writes', async (text, words) => {
    for (const attempt of [
      () => newModel({ query: sql(text) }),
      () => previewModel(ctx, actor, { sourceId, query: sql(text) }, options()),
    ]) {
      const failure = await failureOf(attempt());
      expect(failure.code).toBe('query_not_read_only');
      expect(failure.message).toContain(words);
      expect(failure.fix).toContain('single SELECT');
    }
  });

  test('because a function in it writes, which only running it can show', async () => {
    const failure = await failureOf(
      previewModel(ctx, actor, { sourceId, query: sql('select lo_create(0) as id') }, options()),
    );
    expect(failure).toMatchObject({
      code: 'query_not_read_only',
      message: expect.stringContaining('read-only'),
    });
  });

  test('because it fails on a value: the advice speaks of values', async () => {
    const query = sql('select id, 1 / (id - 5) as x from public.people');
    const failure = await failureOf(previewModel(ctx, actor, { sourceId, query }, options()));
    expect(failure).toMatchObject({ code: 'query_invalid', message: 'Division by zero.' });
    expect(failure.fix).toContain('some row');
  });

  test.each(['uuid', 'ID'])('because the primary key %s is no column', async (primaryKey) => {
    const failure = await failureOf(newModel({ primaryKey }));
    expect(failure).toMatchObject({
      code: 'model_primary_key_missing',
      fields: { primaryKey: `The query has no column "${primaryKey}" to use as primary key.` },
      fix: 'Choose one of: id, email.',
    });
  });

  test('because two columns share a name', async () => {
    const failure = await failureOf(newModel({ query: sql('select id, email as id from public.people') }));
    expect(failure).toMatchObject({ code: 'query_columns_duplicate', fix: expect.stringContaining('AS') });
    expect(failure.fields).toEqual({ query: failure.message });
  });
});

describe('a sync that cannot work', () => {
  keepsEverything();

  const cron = (expression: string, timezone = 'UTC'): Schedule => ({
    type: 'cron',
    schedule: { expression, timezone },
  });
  const visual: Schedule = {
    type: 'visual',
    schedule: { expressions: [{ days: {}, time: '06:30' }], timezone: 'UTC' },
  };
  test.each([
    ['on a date that does not exist', cron('0 0 30 2 *'), '"0 0 30 2 *" never fires', /0 6 28 2/],
    ['with too few fields', cron('* * *'), 'has five fields', /0 6 \* \* 1/],
    ['with an hour past the last', cron('0 25 * * *'), 'not valid', /hours 0 to 23/],
    ['in a zone that nobody knows', cron('0 6 * * *', 'Mars/Olympus'), '"Mars/Olympus"', /IANA/],
    ['on no weekday', visual, '06:30 has no day', /at least one weekday/],
  ])('because it would run %s', async (_, schedule, words, fix) => {
    const failures = [
      await failureOf(newSync({ schedule })),
      await failureOf(updateSync(ctx, actor, { id: syncId, schedule }, options())),
      await failureOf((async () => previewSchedule(actor, { schedule }))()),
    ];
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'schedule_invalid', fix: expect.stringMatching(fix) });
      expect(failure.message).toContain(words);
    }
    const atField = (failure: SluiceError) => failure.fields?.schedule;
    expect(failures.slice(0, 2).map(atField)).toEqual(failures.slice(0, 2).map(({ message }) => message));
  });

  test.each([
    ['{{ row.id | nope }}', 'Undefined filter: nope, line 1, column 1'],
    ['{% if row.id }', 'not closed, line 1'],
    ['{{ row.emial }}', 'The model has no column "emial".'],
    ['{{ email }}', 'Unknown name "email"'],
  ])('because the template %s is wrong', async (body, words) => {
    const configuration = {
      ...requests,
      options: { added: { method: 'POST', url: '/people', bodyType: 'text', body } },
    };
    const failure = await failureOf(newSync({ configuration }));
    expect(failure.code).toBe('input_invalid');
    expect(Object.keys(failure.fields ?? {})).toEqual(['configuration.options.added.body']);
    expect(failure.message).toContain(words);
  });
});

/** Around each test of the group: no row of any table has changed, the customer's own ones included. */
function keepsEverything(): void {
  let before: unknown;
  const everything = async () => ({
    ours: await dumpTables(ctx, actor.workspaceId),
    theirs: await target.query('select count(*)::int as people, sum(id)::int as sum from public.people'),
    tables: await target.query(
      "select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
    ),
    objects: await target.query('select count(*)::int as n from pg_largeobject_metadata'),
  });
  beforeEach(async () => {
    before = await everything();
  });
  afterEach(async () => {
    expect(await everything()).toEqual(before);
  });
}
