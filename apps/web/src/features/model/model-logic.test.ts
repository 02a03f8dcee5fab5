import { expect, test } from 'vitest';
import { keyVerdict } from './key-verdict.ts';
import { draftOn, emptyModelDraft, sameQuery, suggestedKey } from './model-draft.ts';
import { defaultSchema, outlineTables, searchTables, selectFrom } from './schema-tables.ts';

const outline = (schemas: Record<string, { tables?: string[]; views?: string[] }>) => ({
  readAt: new Date(),
  schemas: Object.entries(schemas).map(([name, { tables = [], views = [] }]) => ({ name, tables, views })),
});
const tables = outlineTables(
  outline({ public: { tables: ['orders', 'users'], views: ['refunds'] }, crm: { tables: ['deals'] } }),
);

test('tables and views stand together, by name', () => {
  expect(tables.map(({ schema, name, kind }) => `${schema}.${name} ${kind}`)).toEqual([
    'public.orders table',
    'public.refunds view',
    'public.users table',
    'crm.deals table',
  ]);
});

test('tables of public need no schema, else those of the largest', () => {
  expect(defaultSchema(tables)).toBe('public');
  const others = outlineTables(outline({ one: { tables: ['a'] }, two: { tables: ['b'], views: ['c'] } }));
  expect(defaultSchema(others)).toBe('two');
  expect(defaultSchema([])).toBeUndefined();
});

test('a search finds tables by name at once, then those that the source finds by column', () => {
  const found = (text: string, ...byColumn: { schema: string; name: string; columns: string[] }[]) =>
    searchTables(tables, text, byColumn).map(({ table, columns }) => [table.name, ...columns].join(' '));
  expect(found('')).toHaveLength(4);
  expect(found('PUBLIC user')).toEqual(['users']);
  const orders = { schema: 'public', name: 'orders', columns: ['user_id'] };
  expect(found('user', orders)).toEqual(['users', 'orders user_id']);
  // The answer to what was typed before, and to a schema that has changed.
  expect(found('order', orders, { schema: 'public', name: 'gone', columns: ['orders'] })).toEqual(['orders']);
  expect(found('nowhere')).toEqual([]);
});

test('names are quoted only where they must be', () => {
  expect(selectFrom({ schema: 'public', name: 'users' })).toBe('select *\nfrom public.users');
  expect(selectFrom({ schema: 'public', name: 'Odd "name"' })).toBe('select *\nfrom public."Odd ""name"""');
});

test('a key is judged by what happens to the rows', () => {
  const judged = (nulls: number, duplicates: number) =>
    keyVerdict({ rows: 1000, nulls, duplicates, examples: [] }, 'email');
  expect(judged(0, 0)).toMatchObject({ tone: 'good', title: 'email identifies every row' });
  expect(judged(3, 4)).toMatchObject({ tone: 'warning', title: '7 of 1,000 rows would never be sent' });
  expect(judged(3, 4).text).toMatch(/3 without a value and 4 that share/);
});

test('queries are the same by what they read, whatever the order of their parts and the blanks around', () => {
  const sql = { queryType: 'raw_sql', sql: 'select 1' } as const;
  expect(sameQuery(sql, { sql: ' select 1\n', queryType: 'raw_sql' })).toBe(true);
  expect(sameQuery(sql, { ...sql, sql: 'select 2' })).toBe(false);
  const users = { queryType: 'table', schema: 'public', table: 'users' } as const;
  expect(sameQuery(users, { table: 'users', schema: 'public', queryType: 'table' })).toBe(true);
  expect(sameQuery(users, { ...users, table: 'orders' })).toBe(false);
  expect(sameQuery(users, sql)).toBe(false);
  expect(sameQuery(null, sql)).toBe(false);
  expect(sameQuery(null, null)).toBe(true);
});

test("a table's own key is suggested first, then a column named like one", () => {
  expect(suggestedKey(['id', 'code'], 'code')).toBe('code');
  expect(suggestedKey(['name', 'id'], undefined)).toBe('id');
  expect(suggestedKey(['name', 'user_id'], undefined)).toBe('user_id');
  expect(suggestedKey(['name'], undefined)).toBeUndefined();
});

test('a draft that goes to another source leaves the table and the key of the other one behind, and keeps the SQL', () => {
  const draft = {
    ...emptyModelDraft(),
    sourceId: 1,
    sql: 'select 1',
    table: { schema: 'public', name: 'users' },
    dbt: { projectId: 1, uniqueId: 'model.shop.users' },
    primaryKey: 'id',
  };
  expect(draftOn(draft, 1)).toEqual(draft);
  expect(draftOn(draft, 2)).toEqual({ ...draft, sourceId: 2, table: null, dbt: null, primaryKey: '' });
});
