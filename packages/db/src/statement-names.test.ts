import { asOwner, createEmptyDatabase } from '@sluice/testing/postgres';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from './client.ts';
import { createStatementNames } from './statement-names.ts';

const { url, name } = await createEmptyDatabase();
const db = openDatabase(url, { poolMax: 1 });
afterAll(() => db.$disconnect());

test('a statement that comes again is prepared once, and one that came seldom is not', async () => {
  for (let turn = 1; turn <= 10; turn += 1) {
    expect(await db.$queryRaw`select ${turn}::int as turn`).toEqual([{ turn }]);
  }
  await db.$queryRaw`select 'once' as word`;
  const prepared = await db.$queryRaw<{ statement: string }[]>`select statement from pg_prepared_statements`;
  expect(prepared).toEqual([{ statement: 'select $1::int as turn' }]);
});

test('goes on when a table gets another column under a prepared statement', async () => {
  await asOwner('create table grows (id int); insert into grows values (1)', [], name);
  const ask = () => db.$queryRaw<{ id: number }[]>`with found as (select * from grows) select id from found`;
  for (let turn = 1; turn <= 10; turn += 1) await ask();
  await asOwner('alter table grows add column more text', [], name);
  expect(await ask()).toEqual([{ id: 1 }]);
});

test('keeps a bounded number of statements, however many texts come', () => {
  const nameOf = createStatementNames();
  const names = new Set<string>();
  for (let index = 0; index < 2_000; index += 1) {
    for (let turn = 0; turn < 4; turn += 1) names.add(nameOf({ sql: `select ${index}` }));
  }
  names.delete('');
  expect(names.size).toBe(400);
  expect(nameOf({ sql: 'select 0' })).not.toBe('');
});
