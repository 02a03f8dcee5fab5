import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spooledRows, sql } from '../../__tests__/spooled-rows.ts';
import { createTestSource } from './postgresql-source.ts';

const literal = (text: string): string => `'${text}'`;
const digits = (max: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: max }).map((all) => all.join(''));
const numeric = fc.oneof(
  fc.tuple(fc.constantFrom('', '-'), digits(20), digits(12)).map(([sign, a, b]) => `${sign}${a}.${b}`),
  fc.tuple(fc.constantFrom('', '-'), digits(30)).map(([sign, a]) => `${sign}${a}`),
  fc.constantFrom('NaN', '0', '0.000', '-0.00', '100', '1000.0', '1e40', '1e-30', '0.10', '20.020'),
);
const time = fc.oneof(
  fc
    .date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true })
    .map((date) => date.toISOString().replace('Z', '+00')),
  fc.constantFrom(
    'infinity',
    '-infinity',
    '0044-03-15 12:30:00+00 BC',
    '4713-01-01 00:00:00+00 BC',
    '0001-01-01 00:00:00+00',
    '10000-01-01 00:00:00+00',
    '294276-12-31 23:59:59.999999+00',
    '2026-11-22 20:20:20.120000+05:30',
    '2026-01-01 00:00:00.000001+00',
  ),
);
const row = fc.record({
  numeric: fc.option(numeric, { freq: 8 }),
  time: fc.option(time, { freq: 8 }),
  truth: fc.option(fc.boolean()),
  int: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
});

it('spools what the server would write as canonical text, in the forms that cost it less', {
  timeout: 120_000,
}, async () => {
  const { source } = await createTestSource();
  const seed = 20_261_122;
  const rows = fc.sample(row, { numRuns: 2_000, seed });
  const cell = (value: unknown, type: string): string =>
    value === null ? `NULL::${type}` : `${literal(String(value))}::${type}`;
  const values = rows.map(
    (one, id) =>
      `(${[
        id,
        cell(one.numeric, 'numeric'),
        cell(one.numeric?.replace(/e.*/, '').replace(/(\d{1,6})[\d]*/, '$1') ?? null, 'numeric(20,4)'),
        cell(one.time, 'timestamptz'),
        cell(one.time?.replace(/[+-]\d\d(:\d\d)?(?= BC|$)/, '') ?? null, 'timestamp'),
        cell(one.truth, 'boolean'),
        cell(one.int, 'bigint'),
      ].join(', ')})`,
  );
  const from = `from (values ${values.join(', ')}) t (id, n, n2, tz, ts, b, i) order by id`;
  const spooled = await spooledRows(source, sql(`select * ${from}`));
  // Of a preview the server itself writes the canonical text.
  const { rows: texts } = await source.preview(sql(`select * ${from}`), { limit: rows.length });
  expect(spooled.forms).toEqual([
    'canonical',
    'decimal',
    'decimal',
    'timestamp_utc',
    'timestamp',
    'boolean',
    'canonical',
  ]);
  expect(texts).toHaveLength(rows.length);
  expect(spooled.cells).toEqual(texts);
  await source.close();
});
