import { SluiceError } from '@sluice/domain/error';
import { expect, test } from 'vitest';
import { asSubquery, modelStatement } from '../model-statement.ts';
import { scanSql } from '../sql-scan.ts';

const statement = (sql: string) => modelStatement({ queryType: 'raw_sql', sql });

test.each([
  ['select 1;', 'select 1'],
  ['select 1 ; -- done;', 'select 1 '],
  ['select 1;;\n/* ; */ ;', 'select 1'],
  ["select ';' as a;", "select ';' as a"],
  ["select 'it''s;' as a;", "select 'it''s;' as a"],
  ["select E'\\';' as a;", "select E'\\';' as a"],
  ['select 1 as "a;b";', 'select 1 as "a;b"'],
  ['select $$;$$, $x$ $$; $x$;', 'select $$;$$, $x$ $$; $x$'],
  ['/* a /* nested; */ ; */ select 1;', '/* a /* nested; */ ; */ select 1'],
  ['-- ;\nselect 1', '-- ;\nselect 1'],
  ['(select 1)', '(select 1)'],
])('takes the final semicolon off %j', (sql, expected) => {
  expect(statement(sql)).toBe(expected);
});

test.each(['select 1; select 2', 'select 1; drop table a', 'select 1;;x', "select '';'"])(
  'sees several statements in %j',
  (sql) => {
    expect(() => statement(sql)).toThrow(SluiceError);
    expect(scanSql(sql).rest).toBe(true);
  },
);

test.each([
  'insert into a values (1)',
  '  /* harmless */ UPDATE a set b = 1',
  '-- select\ndelete from a',
  'drop table a',
  'call a()',
  'do $$ begin end $$',
  "copy a to '/tmp/x'",
])('%j visibly is not a query', (sql) => {
  expect(() => statement(sql)).toThrow(/may only read/);
});

test('quotes the names of a table', () => {
  const sql = modelStatement({ queryType: 'table', schema: 'a"b', table: 'c"; drop table d; --' });
  expect(sql).toBe('SELECT * FROM "a""b"."c""; drop table d; --"');
});

test('a comment at the end does not swallow the closing bracket', () => {
  expect(asSubquery('select 1 -- one', 1)).toBe('(\nselect 1 -- one\n) AS model (c1)');
});

test('names in backquotes may hold semicolons', () => {
  expect(scanSql('SELECT `a;b` AS `c``;d`; ').rest).toBe(false);
});

test('a backslash hides a quote only where the dialect says so', () => {
  const text = "SELECT 'it\\'s; here' AS a";
  expect([scanSql(text, { backslashes: true }).rest, scanSql(text).rest]).toEqual([false, true]);
});
