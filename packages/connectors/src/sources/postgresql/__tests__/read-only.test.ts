import { asOwner } from '@sluice/testing/postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spooledRows, sql } from '../../__tests__/spooled-rows.ts';
import { createTestSource, type TestSource } from './postgresql-source.ts';

let at: TestSource;
beforeAll(async () => {
  at = await createTestSource();
  const tables = `
    create table kept (id int primary key, name text);
    insert into kept values (1, 'a'), (2, 'b');
    create sequence counter;
    create function write_it() returns int language sql volatile as $$ insert into kept values (99, 'x') returning id $$`;
  await asOwner(tables, [], at.database);
});
afterAll(() => at.context.close());

const attacks = [
  `insert into kept values (3, 'c')`,
  `insert into kept values (3, 'c') returning id`,
  `update kept set name = 'x' returning id`,
  `delete from kept`,
  `truncate kept`,
  `drop table kept`,
  `with gone as (delete from kept returning id) select * from gone`,
  `with gone as (insert into kept values (4, 'd') returning id) select * from gone`,
  `select id into other from kept`,
  `create table other as select * from kept`,
  `select 1; delete from kept`,
  `select 1; commit; delete from kept`,
  `commit; begin; delete from kept`,
  `select 1) as a; delete from kept; --`,
  `select 1) to stdout; delete from kept; copy (select 1`,
  `select 1 /* ) as a; delete from kept; -- */); delete from kept; --`,
  `select * from kept for update`,
  `select nextval('counter')`,
  `select setval('counter', 10)`,
  `select write_it()`,
  `select set_config('transaction_read_only', 'off', false), write_it()`,
  `copy kept to program 'cat > /tmp/sluice-attack'`,
  `explain analyze delete from kept`,
  `do $$ begin delete from kept; end $$`,
  `call write_it()`,
  `lock table kept`,
  `vacuum`,
  `set default_transaction_read_only = off`,
  `reset all`,
  `prepare p as delete from kept`,
  `listen x`,
  `declare c cursor for select 1`,
  `merge into kept using (select 1 as id) s on kept.id = s.id when matched then delete`,
];

describe('a model may only read', () => {
  test.each(attacks)('%s', async (attack) => {
    for (const work of [
      () => at.source.describe(sql(attack)),
      () => at.source.preview(sql(attack), { limit: 10 }),
      () => at.source.inspectKey(sql(attack), 'id'),
      () => spooledRows(at.source, sql(attack)),
    ]) {
      const outcome = await work().then(
        () => 'answered',
        (error: { code: string }) => error.code,
      );
      // Describing does not run the query, so what only fails when it runs may be described.
      expect(['query_not_read_only', 'query_invalid', 'model_primary_key_missing', 'answered']).toContain(
        outcome,
      );
    }
    await expect(spooledRows(at.source, sql(attack))).rejects.toMatchObject({
      code: expect.stringMatching(/^query_/),
    });
    const state = await asOwner('select id, name from kept order by id', [], at.database);
    expect(state).toEqual([
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
    ]);
    expect(await asOwner('select is_called from counter', [], at.database)).toEqual([{ is_called: false }]);
    expect(await asOwner(`select to_regclass('other') as other`, [], at.database)).toEqual([{ other: null }]);
  });

  test.each([
    `with gone as (delete from kept returning id) select * from gone`,
    `select id into other from kept`,
    `select 1; delete from kept`,
    `insert into kept values (3, 'c') returning id`,
    `show all`,
  ])('is said as such for %s', async (attack) => {
    await expect(at.source.describe(sql(attack))).rejects.toMatchObject({ code: 'query_not_read_only' });
  });

  test('a superuser cannot leave the transaction from inside a query either', async () => {
    await expect(
      spooledRows(
        at.source,
        sql(`select set_config('transaction_read_only', 'off', true), nextval('counter')`),
      ),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^query_/) });
  });
});

describe('what is wrong with a query', () => {
  test.each([
    ['selec 1', 'query_invalid', 'Line 1, column 1: syntax error at or near "selec".'],
    ['select id,\n  nmae\nfrom kept', 'query_invalid', 'Line 2, column 3: column "nmae" does not exist.'],
    [
      `select '🎉',\n  'é', nope from kept`,
      'query_invalid',
      'Line 2, column 8: column "nope" does not exist.',
    ],
    ['select * from missing', 'query_invalid', 'Line 1, column 15: relation "missing" does not exist.'],
    [`select 'open`, 'query_invalid', /unterminated quoted string/],
    ['select 1 /* open', 'query_invalid', /unterminated \/\* comment/],
    ['select 1 as a, 2 as a', 'query_columns_duplicate', 'The result has two columns called "a".'],
    ['select * from kept a join kept b using (id)', 'query_columns_duplicate', /"name"/],
    ['select $1::int', 'query_invalid', /parameter/],
    ['select from kept', 'query_invalid', /no columns/],
    [' ; ', 'query_invalid', /empty/],
  ])('%s', async (query, code, message) => {
    await expect(at.source.describe(sql(query))).rejects.toMatchObject({
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  test('a failure while it runs', async () => {
    await expect(spooledRows(at.source, sql('select 1 / (id - 2) as x from kept'))).rejects.toMatchObject({
      code: 'query_invalid',
      message: 'Division by zero.',
    });
  });

  test.each([
    '(select 1 as id)',
    'values (1, 2)',
    'table kept',
    'with a as (select 1 as id) select * from a',
    'select 1 as id;',
    'select 1 as id -- the end',
  ])('%s is a query', async (query) => {
    await expect(at.source.describe(sql(query))).resolves.not.toEqual([]);
  });
});
