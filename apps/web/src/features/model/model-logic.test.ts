import type { SchemaTable } from '@sluice/domain/connector';
import { expect, test } from 'vitest';
import { completionSchema, defaultSchema, searchTables, selectFrom } from './completion-schema.ts';
import { keyVerdict } from './key-verdict.ts';

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
