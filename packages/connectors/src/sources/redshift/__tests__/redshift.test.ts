import { asOwner, createEmptyDatabase, testCluster } from '@sluice/testing/postgres';
import { until } from '@sluice/testing/until';
import { type RedshiftStandIn, startRedshiftStandIn } from '@sluice/testing/warehouses/redshift/stand-in';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import type { ConnectContext } from '../../../kit/context.ts';
import type { Configuration } from '../../../kit/source.ts';
import { expectPairs } from '../../__tests__/listed-pairs.ts';
import { spooledRows, sql } from '../../__tests__/spooled-rows.ts';
import { cellReader } from '../column-type.ts';
import { redshiftSource } from '../definition.ts';
import { redshiftDialect } from '../dialect.ts';

let standIn: RedshiftStandIn;
let context: TestContext;
let configuration: Configuration;
let database: string;
const open = (changes: Configuration = {}, overrides: Partial<ConnectContext> = {}) =>
  redshiftSource.open({ ...configuration, ...changes }, { ...context, ...overrides });
const run = (text: string) => asOwner(text, [], database);

beforeAll(async () => {
  const { url, name } = await createEmptyDatabase();
  database = name;
  const { username, password } = new URL(url);
  standIn = await startRedshiftStandIn((await testCluster()).port, name);
  context = createTestContext([standIn.port]);
  configuration = {
    host: '127.0.0.1',
    port: standIn.port,
    database: name,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    sslMode: 'disable',
  };
  await run('create table pairs (a integer primary key, b varchar(20))');
  await run("insert into pairs select i, 'b' || i from generate_series(1, 2500) i");
  await run('create view some_pairs as select a from pairs');
});
afterEach(() => expect(standIn.violations).toEqual([]));
afterAll(async () => {
  await context.close();
  await standIn.close();
});

test('is checked step by step', async () => {
  const results = await Array.fromAsync(open().check());
  expect(results.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'reach passed',
    'tls passed',
    'sign_in passed',
    'read passed',
    'unload passed',
    'planner passed',
  ]);
});

test('lists tables and views with columns, types and primary keys', () =>
  expectPairs(open(), { schema: 'public', types: ['integer', 'character varying'] }));

test('reads through a cursor, as many rows at once as any cluster gives', async () => {
  standIn.statements.length = 0;
  const { rows, cells } = await spooledRows(open(), sql('select a, b from pairs'));
  expect([rows, new Set(cells.map(([a]) => a)).size]).toEqual([2_500, 2_500]);
  expect(standIn.statements.filter((text) => text === 'FETCH FORWARD 1000 FROM sluice_2')).toHaveLength(3);
  expect(standIn.statements).toContain('BEGIN READ ONLY');
  expect(standIn.statements.at(-1)).toBe('CLOSE sluice_2');
});

test('a result of exactly as many rows as come at once is whole', async () => {
  expect((await spooledRows(open(), sql('select a from pairs where a <= 2000'))).rows).toBe(2_000);
});

describe('values of types that only Redshift has', () => {
  test.each([
    [4000, -1, 'json super', '{"b":1,"a":[1.0,null]}', '{"a": [1.0, null], "b": 1}'],
    [6551, -1, 'binary varbyte', '00FF5C', '\\x00ff5c'],
    [3000, -1, 'string geometry', '0101000000', '0101000000'],
    [1042, 14, 'string char(10)', 'a         ', 'a         '],
    [1700, ((38 << 16) | 10) + 4, 'decimal numeric(38,10)', '1.5000000000', '1.5'],
    [1266, -1, 'time timetz', '01:02:03+00', '01:02:03+00'],
  ])('type %i', (dataTypeID, dataTypeModifier, named, text, canonical) => {
    const { type, nativeType, read } = cellReader({ dataTypeID, dataTypeModifier });
    expect([`${type} ${nativeType}`, read(text)]).toEqual([named, canonical]);
  });

  test('are compared as keys by their whole text', () => {
    const text = (type: 'json' | 'binary' | 'string', nativeType: string) =>
      redshiftDialect.text('"k"', { name: 'k', type, nativeType });
    expect(text('json', 'super')).toBe('JSON_SERIALIZE("k")');
    expect(text('binary', 'varbyte')).toBe(`FROM_VARBYTE("k", 'hex')`);
    expect(text('string', 'varchar')).toBe('CAST("k" AS VARCHAR(65535))');
  });
});

test('counts keys that are longer than text usually is', async () => {
  const keys = "select repeat('x', 300) || a as k from pairs where a <= 3";
  expect(await open().inspectKey(sql(keys), 'k')).toEqual({ rows: 3, nulls: 0, duplicates: 0, examples: [] });
});

test('only reads, whatever a function does', async () => {
  await run('create sequence numbers');
  const writing = open().preview(sql("select nextval('numbers') as a"), { limit: 1 });
  await expect(writing).rejects.toMatchObject({ code: 'query_not_read_only' });
});

test('says which right is missing', async () => {
  const user = `nobody_${database}`;
  await run(`create role ${user} login password 'secret'`);
  const nobody = open({ user, password: 'secret' });
  await expect(nobody.preview(sql('select a from pairs'), { limit: 1 })).rejects.toMatchObject({
    code: 'source_permission',
  });
  const results = await Array.fromAsync(nobody.check());
  expect(results.find(({ name }) => name === 'read')).toMatchObject({
    status: 'warning',
    fix: expect.stringContaining(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO "${user}";`),
  });
});

test('a connection that breaks is not the end of the result', async () => {
  const many = sql('select a.a, b.a as b from pairs a, pairs b');
  const reading = open().spool(many, '/dev/null', () => standIn.proxy.breakAll());
  await expect(reading).rejects.toMatchObject({ code: 'source_ended_early' });
});

test('the query is stopped at the server when the reader leaves', async () => {
  const abort = new AbortController();
  const reading = spooledRows(
    open({}, { signal: abort.signal }),
    sql('select a, pg_sleep(60)::text as b from pairs'),
  );
  const waiting = () =>
    run(
      "select 1 from pg_stat_activity where query like 'FETCH%' and state = 'active' and datname = current_database()",
    );
  await until('the query runs', async () => (await waiting()).length === 1);
  abort.abort(new Error('left'));
  await expect(reading).rejects.toThrow('left');
  await until('the query is gone', async () => (await waiting()).length === 0);
});
