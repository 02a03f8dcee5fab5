import type { CheckResult } from '@sluice/domain/connector';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { asOwner, createEmptyDatabase, testCluster } from '@sluice/testing/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DestinationConnection } from '../../../kit/destination.ts';
import { configurationOf, createTestContext, type TestContext } from '../../__tests__/destination-context.ts';
import { postgresqlDestination } from '../definition.ts';

let database: { url: string; name: string };
let context: TestContext;
let connection: DestinationConnection;

const settings = (overrides: Record<string, unknown> = {}) => {
  const url = new URL(database.url);
  return {
    host: '127.0.0.1',
    port: Number(url.port),
    database: database.name,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    sslMode: 'disable',
    ...overrides,
  };
};

beforeAll(async () => {
  database = await createEmptyDatabase();
  await asOwner(
    `create domain short as varchar(3) not null;
     create schema "Odd.One";
     create table "Odd.One"."Some table" ("Id" uuid primary key, "a ""b""" text[], s short);
     create table contacts (
       id bigint generated always as identity primary key,
       email text not null unique, login text, region text, note varchar(10) not null default '-',
       upper_email text generated always as (upper(email)) stored, data jsonb, at timestamptz, day date, raw bytea,
       vip boolean, score numeric(5,2), unique (login, region)
     );
     create unique index on contacts (region) where vip;
     create table events (name text)`,
    [],
    database.name,
  );
  const { port } = await testCluster();
  context = createTestContext([port]);
  connection = postgresqlDestination.open(settings(), context);
});

afterAll(async () => {
  await connection.close();
  await context.close();
});

it('lists tables with the modes that they support', async () => {
  expect(await connection.listObjects()).toEqual([
    {
      id: '"Odd.One".Some table',
      label: '"Odd.One".Some table',
      modes: ['upsert', 'insert', 'update', 'mirror'],
    },
    { id: 'public.contacts', label: 'public.contacts', modes: ['upsert', 'insert', 'update', 'mirror'] },
    { id: 'public.events', label: 'public.events', modes: ['insert'] },
  ]);
});

it('describes columns: types, required, read-only, matchable', async () => {
  const detail = await connection.describeObject('public.contacts');
  const summary = detail.fields.map(({ name, type, required, readOnly, matchable }) => [
    name,
    type,
    [required && 'required', readOnly && 'readOnly', matchable && 'matchable'].filter(Boolean).join(' '),
  ]);
  expect(summary).toEqual([
    ['id', 'number', 'readOnly matchable'],
    ['email', 'string', 'required matchable'],
    ['login', 'string', ''],
    ['region', 'string', ''],
    ['note', 'string', ''],
    ['upper_email', 'string', 'readOnly'],
    ['data', 'json', ''],
    ['at', 'datetime', ''],
    ['day', 'date', ''],
    ['raw', 'binary', ''],
    ['vip', 'boolean', ''],
    ['score', 'number', ''],
  ]);
  expect(detail.fields.at(-1)?.nativeType).toBe('numeric(5,2)');
  const odd = await connection.describeObject('"Odd.One".Some table');
  expect(odd.fields.map(({ name, required }) => [name, required])).toEqual([
    ['Id', true],
    ['a "b"', false],
    ['s', true],
  ]);
  await expect(connection.describeObject('public.nothing')).rejects.toMatchObject({
    code: 'destination_object_missing',
  });
});

describe('validation', () => {
  const column = (to: string) => ({ type: 'column' as const, from: to, to });
  const validate = (input: Partial<SyncConfigurationInput>) =>
    connection.validate(configurationOf({ object: 'public.contacts', mode: 'upsert', ...input }), [
      'id',
      'email',
    ]);
  const byEmail = { matchKey: { from: 'email', to: 'email' } };

  it('accepts a sound sync', async () => {
    expect(await validate({ ...byEmail, mappings: [column('note')] })).toEqual({});
    expect(
      await validate({ mode: 'update', matchKey: { from: 'id', to: 'id' }, mappings: [column('note')] }),
    ).toEqual({});
    expect(await validate({ object: 'public.events', mode: 'insert', mappings: [column('name')] })).toEqual(
      {},
    );
  });

  it.each<[string, Partial<SyncConfigurationInput>, string, string]>([
    ['a missing table', { object: 'public.nothing' }, 'object', 'no table'],
    ['a mode for tables with a key', { object: 'public.events', mode: 'mirror' }, 'mode', 'unique'],
    ['no match key', { mappings: [column('email')] }, 'matchKey', 'Choose'],
    ['a match key that is not unique', { matchKey: { from: 'x', to: 'login' } }, 'matchKey', 'unique index'],
    ['a match key unique in part', { matchKey: { from: 'x', to: 'region' } }, 'matchKey', 'unique index'],
    ['a match key the server makes', { matchKey: { from: 'id', to: 'id' } }, 'matchKey', 'Update'],
    ['an unknown column', { ...byEmail, mappings: [column('nope')] }, 'mappings.0.to', 'no column'],
    [
      'a read-only column',
      { ...byEmail, mappings: [column('upper_email')] },
      'mappings.0.to',
      'server makes',
    ],
    [
      'a column mapped twice',
      { ...byEmail, mappings: [column('note'), column('note')] },
      'mappings.1.to',
      'already',
    ],
    ['the match key mapped again', { ...byEmail, mappings: [column('email')] }, 'mappings.0.to', 'match key'],
    [
      'a required column left out',
      { mode: 'insert', mappings: [column('note')] },
      'mappings',
      '"email" is required',
    ],
    ['an update of nothing', { mode: 'update', ...byEmail }, 'mappings', 'at least one'],
    [
      'clearing NOT NULL',
      { ...byEmail, mappings: [column('note')], deleteBehaviour: 'clear' },
      'deleteBehaviour',
      '"note"',
    ],
    ['an option', { ...byEmail, options: { x: 1 } }, 'options.x', 'no options'],
  ])('names %s', async (_, input, path, words) => {
    const problems = await validate(input);
    expect(problems[path]).toContain(words);
  });
});

describe('checks', () => {
  async function check(overrides: Record<string, unknown> = {}): Promise<CheckResult[]> {
    const results: CheckResult[] = [];
    const opened = postgresqlDestination.open(settings(overrides), context);
    for await (const result of opened.check()) results.push(result);
    await opened.close();
    return results;
  }
  const statuses = (results: CheckResult[]) => results.map(({ name, status }) => `${name} ${status}`);
  const owner = (text: string) => asOwner(text, [], database.name);

  it('pass for the owner', async () => {
    const results = await check();
    expect(statuses(results)).toEqual(['reach passed', 'tls passed', 'sign_in passed', 'write passed']);
    expect(results[3]?.message).toBe('May write to 3 of 3 tables.');
  });

  it('name the exact GRANT for a user without rights, then warn, then pass', async () => {
    const role = `reader_${database.name}`;
    await owner(`create role ${role} login password 'pw'`);
    const user = { user: role, password: 'pw' };
    const [, , , refused] = await check(user);
    expect(refused).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining(
        `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "public" TO "${role}";`,
      ),
    });
    await owner(`grant insert on events to ${role}`);
    expect((await check(user))[3]?.status).toBe('warning');
    await owner(`grant all on events to ${role}`);
    expect((await check(user))[3]?.status).toBe('passed');
    await owner(`revoke temporary on database ${database.name} from public`);
    expect((await check(user))[3]).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining('GRANT TEMPORARY ON DATABASE'),
    });
    await owner(`grant temporary on database ${database.name} to public`);
  });

  it('stop at the first failure', async () => {
    expect(statuses(await check({ password: 'wrong' }))).toEqual([
      'reach passed',
      'tls passed',
      'sign_in failed',
      'write skipped',
    ]);
    expect(statuses(await check({ host: '10.0.0.1' }))[0]).toBe('reach failed');
  });
});
