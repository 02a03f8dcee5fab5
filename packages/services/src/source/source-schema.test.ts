import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Actor } from '@sluice/domain/actor';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestMember } from '../testing/create-test-member.ts';
import { failureOf } from '../testing/failure-of.ts';
import { openTestContext, type TestContext } from '../testing/open-test-context.ts';
import { createSource } from './create-source.ts';
import { findTable } from './find-table.ts';
import { outlineSchema } from './outline-schema.ts';
import { readSchema } from './read-schema.ts';
import { searchColumns } from './search-columns.ts';

const directory = mkdtempSync(join(tmpdir(), 'sluice-schema-test-'));
let ctx: TestContext;
let editor: Actor;
let viewer: Actor;
let stranger: Actor;

const options = () => ({ signal: AbortSignal.timeout(60_000) });
const run = (name: string, statements: string) => {
  // SQLite's own catalogue is written below.
  const database = new DatabaseSync(join(directory, name), { defensive: false });
  database.exec(statements);
  database.close();
};
const sourceOf = async (file: string) => {
  const configuration = { place: 'directory', directory: '', file };
  return (await createSource(ctx, editor, { name: file, type: 'sqlite', configuration })).id;
};

beforeAll(async () => {
  ctx = await openTestContext({ FILES_DIRECTORY: directory });
  ({ actor: editor } = await createTestMember(ctx, 'acme', 'editor'));
  ({ actor: viewer } = await createTestMember(ctx, 'acme', 'viewer'));
  ({ actor: stranger } = await createTestMember(ctx, 'other', 'admin'));
  run(
    'shop.sqlite',
    `CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER); CREATE TABLE users (id INTEGER PRIMARY KEY, Email TEXT);
     CREATE VIEW big_orders AS SELECT * FROM orders`,
  );
});
afterAll(async () => {
  await ctx.close();
  rmSync(directory, { recursive: true });
});

it('names tables and views first, and a table’s columns when they are asked for', async () => {
  const id = await sourceOf('shop.sqlite');
  const { schemas } = await outlineSchema(ctx, viewer, { id }, options());
  expect(schemas).toEqual([{ name: 'main', tables: ['orders', 'users'], views: ['big_orders'] }]);
  const users = { id, schema: 'main', name: 'users' };
  expect((await findTable(ctx, viewer, users, options())).columns[0]).toMatchObject({
    name: 'id',
    primaryKey: true,
  });
  const gone = await failureOf(findTable(ctx, viewer, { ...users, name: 'gone' }, options()));
  expect(gone).toMatchObject({ code: 'not_found', message: expect.stringContaining('main.gone') });
  for (const ask of [outlineSchema, searchColumns, findTable])
    expect((await failureOf(ask(ctx, stranger, { ...users, search: 'id' }, options()))).code).toBe(
      'not_found',
    );
});

it('finds tables by their columns, unless their names say it all', async () => {
  const id = await sourceOf('shop.sqlite');
  const found = async (search: string) =>
    (await searchColumns(ctx, viewer, { id, search }, options())).tables.map(({ name, columns }) =>
      [name, ...columns].join(' '),
    );
  expect(await found('email')).toEqual(['users Email']);
  expect(await found('USER')).toEqual(['big_orders user_id', 'orders user_id']);
  expect(await found('order user')).toEqual(['big_orders user_id', 'orders user_id']);
  expect(await found('id user_id')).toEqual(['big_orders id user_id', 'orders id user_id']);
  for (const nothing of ['', 'orders', 'id\nuser_id gone']) expect(await found(nothing)).toEqual([]);
});

it('is read once for all who ask at the same time, also when the first of them leaves', async () => {
  const id = await sourceOf('shop.sqlite');
  const leave = new AbortController();
  const left = readSchema(ctx, viewer, { id }, { signal: leave.signal }).catch(() => 'left');
  const [one, other] = [
    readSchema(ctx, viewer, { id }, options()),
    readSchema(ctx, viewer, { id }, options()),
  ];
  leave.abort(new Error('left'));
  expect((await one).tables).toHaveLength(3);
  await left;
  expect((await other).tables).toHaveLength(3);

  const refreshed = await Promise.all([
    readSchema(ctx, viewer, { id, refresh: true }, options()),
    new Promise(setImmediate).then(() => readSchema(ctx, viewer, { id }, options())),
  ]);
  expect(refreshed[0].readAt.getTime()).toBeGreaterThan((await one).readAt.getTime());

  run('shop.sqlite', 'CREATE TABLE later (x)');
  expect((await outlineSchema(ctx, viewer, { id }, options())).schemas[0]?.tables).not.toContain('later');
  const asked = await outlineSchema(ctx, viewer, { id, refresh: true }, options());
  expect(asked.schemas[0]?.tables).toContain('later');
  expect(
    (await findTable(ctx, viewer, { id, schema: 'main', name: 'later' }, options())).columns,
  ).toHaveLength(1);
});

it('is light with 10,000 tables of 15 columns', async () => {
  const columns = Array.from({ length: 15 }, (_, place) => `customer_column_${place} TEXT`).join(', ');
  // All share one page: making them one after the other takes the square of the time.
  run(
    'huge.sqlite',
    `CREATE TABLE origin (${columns}); PRAGMA writable_schema = ON;
     WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 9999)
     INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql)
       SELECT 'table', 'table_number_' || n, 'table_number_' || n, 2, 'CREATE TABLE table_number_' || n || ' (${columns})' FROM c`,
  );
  const id = await sourceOf('huge.sqlite');
  const bytes = async (answer: Promise<unknown>) => JSON.stringify(await answer).length;
  const whole = await bytes(readSchema(ctx, viewer, { id }, options()));
  expect(whole).toBeGreaterThan(8_000_000);
  expect(await bytes(outlineSchema(ctx, viewer, { id }, options()))).toBeLessThan(250_000);
  const one = { id, schema: 'main', name: 'table_number_9999' };
  expect(await bytes(findTable(ctx, viewer, one, options()))).toBeLessThan(2_000);
  const search = () => searchColumns(ctx, viewer, { id, search: 'column_7' }, options());
  expect(await search()).toMatchObject({ total: 10_000, tables: { length: 200 } });
  expect(await bytes(search())).toBeLessThan(20_000);
});
