import type { SchemaTable } from '@sluice/domain/connector';
import { expect, test } from 'vitest';
import { completionSchema, defaultSchema, searchTables, selectFrom } from './completion-schema.ts';
import { keyVerdict } from './key-verdict.ts';
import { sameQuery, suggestedKey } from './model-draft.ts';

const table = (schema: string, name: string, ...columns: string[]): SchemaTable => ({
  schema,
  name,
  kind: 'table',
  columns: columns.map((column) => ({ name: column, nativeType: 'text', primaryKey: false })),
});
const tables = [
  table('public', 'orders', 'id', 'user_id'),
  table('public', 'users', 'id'),
  table('crm', 'deals', 'id'),
];

test('the editor completes schema, table and column', () => {
  expect(completionSchema(tables)).toEqual({
    public: { orders: ['id', 'user_id'], users: ['id'] },
    crm: { deals: ['id'] },
  });
  expect(defaultSchema(completionSchema(tables))).toBe('public');
  expect(defaultSchema(completionSchema([table('crm', 'deals')]))).toBe('crm');
});

test('a search finds tables by name first, then by column', () => {
  expect(searchTables(tables, 'user').map(({ name }) => name)).toEqual(['users', 'orders']);
  expect(searchTables(tables, 'public id')).toHaveLength(2);
  expect(searchTables(tables, 'nowhere')).toEqual([]);
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
