import { asOwner } from '@sluice/testing/postgres';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spooledRows, sql } from '../../__tests__/spooled-rows.ts';
import { createTestSource, type TestSource } from './postgresql-source.ts';

let at: TestSource;
beforeAll(async () => {
  at = await createTestSource();
  const types = `
    create type mood as enum ('happy', 'it''s "complicated"');
    create type pair as (left_part int, right_part text);
    create domain cents as numeric(20, 4);
    create domain price as cents check (value >= 0)`;
  await asOwner(types, [], at.database);
});
afterAll(() => at.context.close());

const one = async (expression: string) => {
  const { cells, columns } = await spooledRows(at.source, sql(`select ${expression} as x`));
  return [columns[0]?.type, cells[0]?.[0]];
};

describe('canonical text', () => {
  test.each([
    ['true', 'boolean', 'true'],
    ['false', 'boolean', 'false'],
    ['null::boolean', 'boolean', null],
    ['(-32768)::int2', 'integer', '-32768'],
    ['2147483647', 'integer', '2147483647'],
    ['9223372036854775807', 'integer', '9223372036854775807'],
    ['(-9223372036854775808)::int8', 'integer', '-9223372036854775808'],
    ['1.50', 'decimal', '1.5'],
    ['1.5', 'decimal', '1.5'],
    ['100', 'integer', '100'],
    ['100::numeric', 'decimal', '100'],
    ['100.00::numeric(10,2)', 'decimal', '100'],
    ['0.000', 'decimal', '0'],
    ['-0.0', 'decimal', '0'],
    ['123456789012345678901234567890.0123456789', 'decimal', '123456789012345678901234567890.0123456789'],
    ['1e30::numeric', 'decimal', '1000000000000000000000000000000'],
    [`'NaN'::numeric`, 'decimal', 'NaN'],
    [`'-Infinity'::numeric`, 'decimal', '-Infinity'],
    ['12.3400::price', 'decimal', '12.34'],
    [`'12.50'::money`, 'decimal', '12.5'],
    ['0.1::float8', 'float', '0.1'],
    ['(0.1::float8 + 0.2::float8)', 'float', '0.30000000000000004'],
    ['0.1::float4', 'float', '0.1'],
    ['1::float8', 'float', '1'],
    ['1e300::float8', 'float', '1e+300'],
    ['5e-324::float8', 'float', '5e-324'],
    [`'-0'::float8`, 'float', '0'],
    [`'-0'::float4`, 'float', '0'],
    [`'NaN'::float8`, 'float', 'NaN'],
    [`'Infinity'::float8`, 'float', 'Infinity'],
    [`'-Infinity'::float4`, 'float', '-Infinity'],
    [`date '2026-02-28'`, 'date', '2026-02-28'],
    [`date '0044-03-15 BC'`, 'date', '0044-03-15 BC'],
    [`date 'infinity'`, 'date', 'infinity'],
    [`date '10000-01-01'`, 'date', '10000-01-01'],
    [`time '01:02:03.5'`, 'time', '01:02:03.5'],
    [`timetz '01:02:03+02'`, 'time', '01:02:03+02'],
    [`timestamp '2026-02-28 01:02:03'`, 'timestamp', '2026-02-28T01:02:03'],
    [`timestamp '2026-02-28 01:02:03.000001'`, 'timestamp', '2026-02-28T01:02:03.000001'],
    [`timestamp '-infinity'`, 'timestamp', '-infinity'],
    [`timestamp '0044-03-15 12:00 BC'`, 'timestamp', '0044-03-15 12:00:00 BC'],
    [`timestamptz '2026-02-28 01:02:03+02'`, 'timestamp', '2026-02-27T23:02:03Z'],
    [`timestamptz '2026-07-01 00:00 Europe/Berlin'`, 'timestamp', '2026-06-30T22:00:00Z'],
    [`timestamptz 'infinity'`, 'timestamp', 'infinity'],
    [`interval '1 day 2 hours'`, 'string', 'P1DT2H'],
    [`'{"b": 1.50, "a": [1,  2]}'::jsonb`, 'json', '{"a": [1, 2], "b": 1.50}'],
    [`'{"b": 1, "a": 2, "b": 3}'::json`, 'json', '{"a": 2, "b": 3}'],
    [`'{"a": "\\u0000"}'::json`, 'json', '{"a": "\\u0000"}'],
    [`array[3, null, 1]`, 'array', '[3, null, 1]'],
    [`array[['a', 'b'], ['c', '"']]`, 'array', '[["a", "b"], ["c", "\\""]]'],
    [`array[]::text[]`, 'array', '[]'],
    [`'\\xDEADbeef'::bytea`, 'binary', '\\xdeadbeef'],
    [`''::bytea`, 'binary', '\\x'],
    [`'6F9619FF-8B86-D011-B42D-00CF4FC964FF'::uuid`, 'string', '6f9619ff-8b86-d011-b42d-00cf4fc964ff'],
    [`'it''s "complicated"'::mood`, 'string', `it's "complicated"`],
    [`row(1, 'x')::pair`, 'json', '{"left_part": 1, "right_part": "x"}'],
    [`'10.0.0.1/8'::inet`, 'string', '10.0.0.1/8'],
    [`int4range(1, 5)`, 'string', '[1,5)'],
    [`'ab '::char(5)`, 'string', 'ab'],
    [`b'101'`, 'string', '101'],
    [`point(1, 2)`, 'unknown', '(1,2)'],
    [`'fat & rat'::tsquery`, 'string', `'fat' & 'rat'`],
  ])('%s', async (expression, type, text) => {
    expect(await one(expression)).toEqual([type, text]);
  });

  test.each([
    ['an empty text', '', ''],
    ['a comma', 'a,b', 'a,b'],
    ['quotes', 'say "hi"', 'say "hi"'],
    ['line ends', 'a\nb\r\nc\rd', 'a\nb\r\nc\rd'],
    ['the end mark of COPY', '\\.', '\\.'],
    ['backslashes', '\\N \\t', '\\N \\t'],
    ['spaces around', '  a  ', '  a  '],
    ['other scripts', 'Ωmega Жук 漢字 عربى 👩‍👩‍👧', 'Ωmega Жук 漢字 عربى 👩‍👩‍👧'],
    ['both Unicode forms', 'e\u0301 é', 'e\u0301 é'],
    ['control characters', '\u0001\u001f\u007f', '\u0001\u001f\u007f'],
    ['the word NULL', 'NULL', 'NULL'],
  ])('text with %s arrives as it is', async (_what, text, expected) => {
    expect(await one(`convert_from('\\x${Buffer.from(text).toString('hex')}', 'UTF8')`)).toEqual([
      'string',
      expected,
    ]);
  });

  test('a megabyte in one cell', async () => {
    const [, text] = await one(`repeat('0123456789abcde"', 65536)`);
    expect(text).toBe('0123456789abcde"'.repeat(65536));
  });

  test('no text gets lost between server and file, whatever it holds', async () => {
    const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\u0000', ''));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (values) => {
        const rows = values.map((value) => `('\\x${Buffer.from(value).toString('hex')}'::bytea)`);
        const { cells } = await spooledRows(
          at.source,
          sql(`select convert_from(b, 'UTF8') as a, 'end' as z from (values ${rows.join(', ')}) v (b)`),
        );
        expect(cells).toEqual(values.map((value) => [Buffer.from(value).toString(), 'end']));
      }),
      { numRuns: 25 },
    );
  });

  test('NULL and the empty text stay apart', async () => {
    const { cells } = await spooledRows(at.source, sql(`select null::text as a, '' as b, null::int as c`));
    expect(cells).toEqual([[null, '', null]]);
  });

  test('does not depend on what the role or the database prefers', async () => {
    const expression = `timestamptz '2026-02-28 01:02:03+02'`;
    const before = await one(expression);
    await asOwner(`alter database ${at.database} set timezone = 'Asia/Kolkata'`);
    await asOwner(`alter database ${at.database} set datestyle = 'German'`);
    await asOwner(`alter database ${at.database} set bytea_output = 'escape'`);
    await asOwner(`alter database ${at.database} set extra_float_digits = -15`);
    expect(await one(expression)).toEqual(before);
    expect(await one(`date '2026-02-28'`)).toEqual(['date', '2026-02-28']);
    expect(await one(`(0.1::float8 + 0.2::float8)`)).toEqual(['float', '0.30000000000000004']);
    expect(await one(`array['\\xff'::bytea]`)).toEqual(['array', '["\\\\xff"]']);
  });
});
