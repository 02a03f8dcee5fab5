import { until } from '@sluice/testing/until';
import { type ClickHouseServer, startClickHouseServer } from '@sluice/testing/warehouses/clickhouse/server';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import type { ConnectContext } from '../../../kit/context.ts';
import { spooledRows, sql } from '../../__tests__/spooled-rows.ts';
import { clickHouseSource } from '../definition.ts';
import { jsonCells, stringOf } from '../json-cells.ts';

let server: ClickHouseServer;
let context: TestContext;
const open = (overrides: Partial<ConnectContext> = {}) =>
  clickHouseSource.open(
    { url: server.url, database: 'shop', user: 'reader', password: 'right' },
    { ...context, ...overrides },
  );

beforeAll(async () => {
  server = await startClickHouseServer({ user: 'reader', password: 'right' });
  context = createTestContext([server.port]);
});
beforeEach(() => {
  Object.assign(server.faults, { cutAfter: null, failAfter: null });
  server.statements.length = 0;
});
afterAll(async () => {
  await context.close();
  await server.close();
});

/** Names, types and cells as ClickHouse 26.7.2 wrote them with the settings of the connector (November 2026). */
const recorded: readonly (readonly [type: string, cell: string, ours: string, text: string | null])[] = [
  [
    'Int256',
    '57896044618658097711785492504343953926634992332820282019728792003956564819967',
    'integer',
    '57896044618658097711785492504343953926634992332820282019728792003956564819967',
  ],
  ['UInt64', '18446744073709551615', 'integer', '18446744073709551615'],
  ['IntervalDay', '1', 'integer', '1'],
  ['Decimal(76, 30)', '1.5', 'decimal', '1.5'],
  ['Float64', '"nan"', 'float', 'NaN'],
  ['Float64', '"-inf"', 'float', '-Infinity'],
  ['Float64', '-0', 'float', '0'],
  ['Float64', '1e300', 'float', '1e+300'],
  ['Float32', '0.1', 'float', '0.1'],
  ['BFloat16', '1.5', 'float', '1.5'],
  ['Bool', 'true', 'boolean', 'true'],
  ['Nullable(Nothing)', 'null', 'unknown', null],
  ['Array(Float64)', '["inf",1.5]', 'array', '["inf", 1.5]'],
  ['Array(UInt64)', '[9007199254740993]', 'array', '[9007199254740993]'],
  ['Map(String, UInt8)', '{"b":1,"a":2}', 'json', '{"a": 2, "b": 1}'],
  ['Tuple(UInt8, String)', '[1,"x"]', 'json', '[1, "x"]'],
  ['Tuple(a UInt8, b String)', '{"a":1,"b":"x"}', 'json', '{"a": 1, "b": "x"}'],
  [
    'JSON',
    '{"a":[1,null],"b":1,"c":9007199254740993}',
    'json',
    '{"a": [1, null], "b": 1, "c": 9007199254740993}',
  ],
  ['Variant(String, UInt8)', '1', 'json', '1'],
  ['Dynamic', '"1"', 'json', '"1"'],
  ["DateTime('Asia/Kolkata')", '"2026-02-27T19:32:03Z"', 'timestamp', '2026-02-27T19:32:03Z'],
  ["DateTime64(9, 'UTC')", '"2026-02-28T01:02:03.123456789Z"', 'timestamp', '2026-02-28T01:02:03.123456789Z'],
  ['DateTime64(3)', '"1900-01-01T00:00:00.000Z"', 'timestamp', '1900-01-01T00:00:00Z'],
  ['Date', '"1970-01-01"', 'date', '1970-01-01'],
  ['Date32', '"1900-01-01"', 'date', '1900-01-01'],
  ['Time64(6)', '"12:34:56.500000"', 'time', '12:34:56.5'],
  ['UUID', '"00000000-0000-0000-0000-000000000001"', 'string', '00000000-0000-0000-0000-000000000001'],
  ['IPv6', '"::1"', 'string', '::1'],
  ["Enum8('a' = 1)", '"a"', 'string', 'a'],
  ['LowCardinality(String)', '"x"', 'string', 'x'],
  ['LowCardinality(Nullable(String))', 'null', 'string', null],
  ['FixedString(3)', '"a\\u0000\\u0000"', 'string', 'a\0\0'],
  ['String', '"é/\\n\\u0001\\\\"', 'string', 'é/\n\u0001\\'],
];

test('types read as ClickHouse wrote them', async () => {
  const names = recorded.map((_, index) => `c${index}`);
  const types = recorded.map(([type]) => type);
  const statement = 'SELECT everything';
  const form = '["name", "type"]\n["String", "String"]\n';
  const described = names.map((name, index) => JSON.stringify([name, types[index]])).join('\n');
  server.answer(`DESCRIBE TABLE (\n${statement}\n)`, `${form}${described}\n`);
  const row = recorded.map(([, cell]) => cell).join(', ');
  server.answer(statement, `${JSON.stringify(names)}\n${JSON.stringify(types)}\n[${row}]\n`);
  const { columns, cells } = await spooledRows(open(), sql(statement));
  expect(columns).toEqual(
    recorded.map(([nativeType, , type], index) => ({ name: `c${index}`, type, nativeType })),
  );
  expect(cells).toEqual([recorded.map(([, , , text]) => text)]);
});

test('a row is taken apart into the JSON texts of its cells, whatever they hold', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.constantFrom(',', ', '), (values, comma) => {
      const texts = values.map((value) => JSON.stringify(value));
      expect(jsonCells(`[${texts.join(comma)}]`)).toEqual(texts);
      for (const text of texts.filter((one) => one.startsWith('"')))
        expect(stringOf(text)).toBe(JSON.parse(text));
    }),
  );
  expect(['', '[', '[1', '[1, "a]', 'Code: 1', '[[1]'].map(jsonCells)).toEqual([
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});

test('every statement is read-only and says how values are written', async () => {
  await spooledRows(open(), sql('SELECT 1 AS a'));
  expect(server.statements.length).toBeGreaterThanOrEqual(3);
  for (const one of server.statements)
    expect(one).toMatchObject({
      readonly: '2',
      session_timezone: 'UTC',
      database: 'shop',
      log_comment: 'sluice test',
    });
});

describe('a result that is not whole', () => {
  const many = sql('SELECT range AS n FROM range(5000)');
  test('because the connection broke', async () => {
    server.faults.cutAfter = 3_000;
    await expect(open().spool(many, '/dev/null', () => {})).rejects.toMatchObject({
      code: 'source_ended_early',
    });
  });

  test('because the server failed after it had begun', async () => {
    server.faults.failAfter = 3_000;
    await expect(open().spool(many, '/dev/null', () => {})).rejects.toMatchObject({
      code: 'source_failed',
      message: expect.stringContaining('Query memory limit exceeded'),
    });
  });

  test('because it stops in the middle of a row', async () => {
    const statement = 'SELECT half';
    server.answer(
      `DESCRIBE TABLE (\n${statement}\n)`,
      '["name", "type"]\n["String", "String"]\n["a", "UInt8"]\n',
    );
    server.answer(statement, '["a"]\n["UInt8"]\n[1]\n[');
    await expect(open().spool(sql(statement), '/dev/null', () => {})).rejects.toMatchObject({
      code: 'source_ended_early',
    });
  });
});

describe('a query that nobody waits for', () => {
  const slow = sql('SELECT 1 AS hold');
  const killed = () => server.statements.filter(({ query }) => query?.startsWith('KILL QUERY')).length;

  test('is killed when the reader leaves', async () => {
    const abort = new AbortController();
    const reading = open({ signal: abort.signal }).preview(slow, { limit: 1 });
    reading.catch(() => {});
    await until('the query runs', async () => server.held.size === 1);
    abort.abort(new Error('left'));
    await expect(reading).rejects.toThrow('left');
    await until('it is killed', async () => killed() === 1 && server.held.size === 0);
  });

  test('is killed when the time is over', async () => {
    const source = open({ timeouts: { connectMs: 2_000, requestMs: 500 } });
    await expect(source.preview(slow, { limit: 1 })).rejects.toMatchObject({ code: 'source_timeout' });
    await until('it is killed', async () => killed() === 1 && server.held.size === 0);
  });
});
