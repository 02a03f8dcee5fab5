import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { asOwner } from '@sluice/testing/postgres';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spooledRows, spoolPath, sql } from '../../__tests__/spooled-rows.ts';
import { createTestSource, type TestSource } from './postgresql-source.ts';

let at: TestSource;
beforeAll(async () => {
  at = await createTestSource();
  const tables = `
    create schema "odd Name";
    create table "odd Name"."Table ""x""" ("Id" bigint primary key, "a,b" numeric(10, 2), "select" text[]);
    create table pairs (a int, b text, c date, primary key (b, a));
    create view big_pairs as select a, b from pairs;
    create materialized view kept_pairs as select a from pairs;
    create table parted (id int, at date) partition by range (at);
    create table parted_2026 partition of parted for values from ('2026-01-01') to ('2027-01-01');
    insert into pairs select i, 'b' || i, null from generate_series(1, 250) i;
    create role reader login password 'reader';
    create role writer login password 'writer';
    create role stranger login password 'stranger';
    grant select on pairs to reader;
    grant select, insert on pairs to writer`;
  await asOwner(tables, [], at.database);
});
afterAll(() => at.context.close());

const table = (schema: string, name: string) => ({ queryType: 'table' as const, schema, table: name });
const as = (user: string) => at.open({ user, password: user });

describe('introspection', () => {
  test('lists tables and views with columns, types and primary keys', async () => {
    const tables = await at.source.introspect();
    expect(tables.map(({ schema, name, kind }) => `${schema}.${name} ${kind}`)).toEqual([
      'odd Name.Table "x" table',
      'public.big_pairs view',
      'public.kept_pairs view',
      'public.pairs table',
      'public.parted table',
    ]);
    expect(tables[0]?.columns).toEqual([
      { name: 'Id', nativeType: 'bigint', primaryKey: true },
      { name: 'a,b', nativeType: 'numeric(10,2)', primaryKey: false },
      { name: 'select', nativeType: 'text[]', primaryKey: false },
    ]);
    expect(tables[3]?.columns.filter(({ primaryKey }) => primaryKey).map(({ name }) => name)).toEqual([
      'a',
      'b',
    ]);
  });

  test('lists only what the user may read', async () => {
    expect((await as('reader').introspect()).map(({ name }) => name)).toEqual(['pairs']);
    expect(await as('stranger').introspect()).toEqual([]);
  });

  test('a table with an awkward name can be read', async () => {
    const columns = await at.source.describe(table('odd Name', 'Table "x"'));
    expect(columns).toEqual([
      { name: 'Id', type: 'integer', nativeType: 'bigint' },
      { name: 'a,b', type: 'decimal', nativeType: 'numeric(10,2)' },
      { name: 'select', type: 'array', nativeType: 'text[]' },
    ]);
  });
});

describe('rights', () => {
  const readCheck = async (user: string) =>
    (await Array.fromAsync(as(user).check())).find(({ name }) => name === 'read');

  test('a reader is as it should be', async () => {
    expect(await readCheck('reader')).toMatchObject({ name: 'read', status: 'passed' });
  });

  test('a user who may write is warned of, with the statements for one who may not', async () => {
    const check = await readCheck('writer');
    expect(check).toMatchObject({ status: 'warning', message: expect.stringContaining('public.pairs') });
    expect(check?.fix).toContain('CREATE ROLE "sluice_reader"');
    expect(check?.fix).toContain('GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "sluice_reader";');
  });

  test('a superuser is warned of', async () => {
    const checks = await Array.fromAsync(at.source.check());
    expect(checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'reach passed',
      'tls passed',
      'sign_in passed',
      'read warning',
      'planner passed',
    ]);
    expect(checks.at(-2)?.message).toContain('superuser');
  });

  test('a user who may read nothing fails, and the statements given mend it', async () => {
    const check = await readCheck('stranger');
    expect(check?.status).toBe('failed');
    const error = await as('stranger')
      .describe(table('public', 'pairs'))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'source_permission', message: expect.stringContaining('pairs') });
    await asOwner(check?.fix ?? '', [], at.database);
    expect(await readCheck('stranger')).toMatchObject({ status: 'passed' });
    await expect(as('stranger').describe(table('public', 'pairs'))).resolves.toHaveLength(3);
  });
});

describe('preview and keys', () => {
  test('shows the first rows and whether there are more', async () => {
    const preview = await at.source.preview(sql('select a, b, c from pairs order by a'), { limit: 100 });
    expect(preview.rows).toHaveLength(100);
    expect(preview.rows[0]).toEqual(['1', 'b1', null]);
    expect(preview.hasMore).toBe(true);
    const all = await at.source.preview(sql('select a from pairs'), { limit: 250 });
    expect([all.rows.length, all.hasMore]).toEqual([250, false]);
  });

  test('cuts long cells at the server', async () => {
    const { rows } = await at.source.preview(sql(`select repeat('🎉', 100000) as x`), { limit: 1 });
    expect([...(rows[0]?.[0] ?? '')]).toHaveLength(2000);
  });

  test('counts NULL, empty and repeated keys', async () => {
    const query = sql(
      `select * from (values ('a'), ('a'), ('a'), ('b'), ('b'), ('c'), (''), (null)) v (key)`,
    );
    await expect(at.source.inspectKey(query, 'key')).resolves.toEqual({
      rows: 8,
      nulls: 2,
      duplicates: 5,
      examples: ['a', 'b'],
    });
    await expect(at.source.inspectKey(sql('select 1 as a where false'), 'a')).resolves.toEqual({
      rows: 0,
      nulls: 0,
      duplicates: 0,
      examples: [],
    });
    await expect(at.source.inspectKey(query, 'nope')).rejects.toMatchObject({
      code: 'model_primary_key_missing',
    });
  });

  test('a query that takes too long is cancelled on the server, even when it lifts its own limit', async () => {
    const impatient = at.open({}, { timeouts: { connectMs: 2_000, requestMs: 400 } });
    await expect(
      impatient.preview(sql(`select set_config('statement_timeout', '0', true), pg_sleep(60), 'too long'`), {
        limit: 1,
      }),
    ).rejects.toMatchObject({ code: 'source_timeout' });
    await until('the query is gone', async () => (await running('too long')) === 0);
  });
});

const running = async (mark: string) =>
  (
    await asOwner(
      `select 1 from pg_stat_activity where query like $1 and pid <> pg_backend_pid() and state = 'active'`,
      [`%${mark}%`],
    )
  ).length;

describe('spooling', () => {
  test('writes every row, counts them and tells the bytes', async () => {
    const seen: number[] = [];
    const path = spoolPath();
    const result = await at.source.spool(
      sql(`select i, md5(i::text) as m from generate_series(1, 50000) i`),
      path,
      (rows) => seen.push(rows),
    );
    expect(result.rows).toBe(50_000);
    expect((await stat(path)).size).toBe(result.bytes);
    expect(seen.at(-1)).toBe(50_000);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    await rm(path);
  });

  test('an empty result is complete', async () => {
    await expect(spooledRows(at.source, sql('select 1 as a where false'))).resolves.toMatchObject({
      rows: 0,
      bytes: 0,
      cells: [],
    });
  });

  test('reads one snapshot', async () => {
    await asOwner('create table moving (id int)', [], at.database);
    await asOwner('insert into moving select generate_series(1, 100)', [], at.database);
    const spooled = spooledRows(
      at.source,
      sql(`select count(*) as a from moving union all select count(*) from (select pg_sleep(1)) s, moving`),
    );
    await until('the query runs', async () => (await running('pg_sleep(1)')) > 0);
    await asOwner('delete from moving', [], at.database);
    expect((await spooled).cells).toEqual([['100'], ['100']]);
  });

  test.each([
    ['at the start', 'select pg_sleep(60) as x, 1 as early'],
    [
      'in the middle',
      `select i, repeat('x', 1000) as x, pg_sleep(case when i = 5000 then 60 else 0 end) as middle from generate_series(1, 10000) i`,
    ],
  ])('a server process that dies %s leaves no result', async (_when, query) => {
    const mark = query.includes('early') ? 'early' : 'middle';
    const outcome = expect(spooledRows(at.source, sql(query))).rejects.toMatchObject({
      code: 'source_ended_early',
    });
    // Only while it sleeps is it sure to be sending its result, and not to be described.
    await until('the query sleeps and was ended', async () => {
      const ended = await asOwner(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where query like $1 and wait_event = 'PgSleep' and pid <> pg_backend_pid()`,
        [`%${mark}%`],
      );
      return ended.length > 0;
    });
    await outcome;
  });

  test('a query that falls silent is stopped', async () => {
    const impatient = at.open({}, { timeouts: { connectMs: 2_000, requestMs: 2_000, queryMs: 300 } });
    await expect(spooledRows(impatient, sql(`select pg_sleep(60) as silent`))).rejects.toMatchObject({
      code: 'source_timeout',
    });
    await until('the query is gone', async () => (await running('silent')) === 0);
  });

  test('an abort stops the query on the server within two seconds', async () => {
    const abort = new AbortController();
    const source = at.open({}, { signal: abort.signal });
    const outcome = expect(spooledRows(source, sql(`select pg_sleep(60) as aborted`))).rejects.toThrow(
      'enough',
    );
    await until('the query runs', async () => (await running('aborted')) > 0);
    const startedAt = performance.now();
    abort.abort(new Error('enough'));
    await outcome;
    await until('the query is gone', async () => (await running('aborted')) === 0);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  // Answers every write with ENOSPC; it is there on every Linux.
  test.runIf(existsSync('/dev/full'))('a full disk is said to be one', async () => {
    const spooled = at.source.spool(
      sql(`select repeat('x', 1000) as x from generate_series(1, 10000)`),
      '/dev/full',
      () => {},
    );
    await expect(spooled).rejects.toMatchObject({ code: 'storage_full' });
  });
});
