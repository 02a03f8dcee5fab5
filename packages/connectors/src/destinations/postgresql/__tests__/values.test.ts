import type { Value } from '@sluice/domain/column';
import { asOwner, createEmptyDatabase, testCluster } from '@sluice/testing/postgres';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DestinationConnection, DestinationWriter } from '../../../kit/destination.ts';
import {
  configurationOf,
  createTestContext,
  deliverOnce,
  recordsOf,
  type TestContext,
} from '../../__tests__/destination-context.ts';
import { postgresqlDestination } from '../definition.ts';

let database: { url: string; name: string };
let context: TestContext;
let connection: DestinationConnection;
let writer: DestinationWriter;

const types = {
  big: 'bigint',
  num: 'numeric',
  price: 'numeric(10,2)',
  real: 'double precision',
  yes: 'boolean',
  txt: 'text',
  chr: 'char(5)',
  bits: 'bit(3)',
  doc: 'jsonb',
  words: 'text[]',
  ints: 'integer[]',
  stamps: 'timestamptz[]',
  bin: 'bytea',
  at: 'timestamptz',
  local: 'timestamp',
  day: 'date',
  clock: 'time',
  span: 'interval',
  uid: 'uuid',
  ip: 'inet',
  mood: 'mood',
  code: 'country',
} as const;
type Name = keyof typeof types;

beforeAll(async () => {
  database = await createEmptyDatabase();
  await asOwner(`alter database ${database.name} set timezone = 'UTC'`);
  const columns = Object.entries(types).map(([name, type]) => `"${name}" ${type}`);
  await asOwner(
    `create type mood as enum ('happy', 'sad'); create domain country as varchar(2) check (value ~ '^[A-Z]+$');
     create table kinds (id integer primary key, ${columns.join(', ')})`,
    [],
    database.name,
  );
  const url = new URL(database.url);
  const { port } = await testCluster();
  context = createTestContext([port]);
  connection = postgresqlDestination.open(
    {
      host: '127.0.0.1',
      port,
      database: database.name,
      user: url.username,
      password: decodeURIComponent(url.password),
      sslMode: 'disable',
    },
    context,
  );
  writer = await connection.writer(
    configurationOf({
      object: 'public.kinds',
      mode: 'upsert',
      matchKey: { from: 'id', to: 'id' },
      mappings: Object.keys(types).map((to) => ({ type: 'column' as const, from: to, to })),
    }),
  );
});

afterAll(async () => {
  await writer.close();
  await connection.close();
  await context.close();
});

it.each<[Name, Value, string]>([
  ['big', 9223372036854775807n, '9223372036854775807'],
  ['big', '-9223372036854775808', '-9223372036854775808'],
  ['num', '12345678901234567890.123456789', '12345678901234567890.123456789'],
  ['num', Number.NaN, 'NaN'],
  ['price', '1.239', '1.24'],
  ['real', Number.NEGATIVE_INFINITY, '-Infinity'],
  ['real', 5e-324, '5e-324'],
  ['yes', false, 'false'],
  [
    'txt',
    'tab\t newline\n return\r back\\slash \\N \\. "quote" 😀',
    'tab\t newline\n return\r back\\slash \\N \\. "quote" 😀',
  ],
  ['txt', '', ''],
  ['txt', '\\.', '\\.'],
  ['txt', { a: [1n, null] }, '{"a":[1,null]}'],
  ['doc', { big: 9007199254740993n, text: 'é\n"' }, '{"big": 9007199254740993, "text": "é\\n\\""}'],
  ['doc', '{"already": "json"}', '{"already": "json"}'],
  ['doc', 'just words', '"just words"'],
  ['doc', 3, '3'],
  ['words', ['a"b', 'c\\d', null, 'NULL', '', '{x,y}'], '{"a\\"b","c\\\\d",NULL,"NULL","","{x,y}"}'],
  ['words', '["from","json"]', '{from,json}'],
  ['words', '{from,postgres}', '{from,postgres}'],
  ['words', [], '{}'],
  [
    'ints',
    [
      [1, 2],
      [3, 4],
    ],
    '{{1,2},{3,4}}',
  ],
  ['ints', [2147483647n], '{2147483647}'],
  ['stamps', ['2026-01-01T00:00:00Z'], '{"2026-01-01 00:00:00+00"}'],
  ['bin', '\\x00ff', '\\x00ff'],
  ['at', '2026-03-29T02:30:00.123456Z', '2026-03-29 02:30:00.123456+00'],
  ['at', '2026-03-29T02:30:00', '2026-03-29 02:30:00+00'],
  ['local', '2026-03-29T02:30:00', '2026-03-29 02:30:00'],
  ['day', 'infinity', 'infinity'],
  ['day', '0044-03-15 BC', '0044-03-15 BC'],
  ['clock', '23:59:59.5', '23:59:59.5'],
  ['span', 'P1DT2H', '1 day 02:00:00'],
  ['uid', '6F9619FF-8B86-D011-B42D-00C04FC964FF', '6f9619ff-8b86-d011-b42d-00c04fc964ff'],
  ['ip', '2001:db8::1', '2001:db8::1/128'],
  ['mood', 'sad', 'sad'],
  ['code', 'CH', 'CH'],
])('writes %s exactly: %o', async (name, value, expected) => {
  const { results } = await deliverOnce(
    writer,
    recordsOf('upsert', [{ match: 1, fields: { [name]: value } }]),
  );
  expect(results).toEqual([{ status: 'delivered' }]);
  const [row] = await asOwner<{ text: string }>(
    `select "${name}"::text as text from kinds where id = 1`,
    [],
    database.name,
  );
  expect(row?.text).toBe(expected);
});

it.each<[Name, Value, string]>([
  ['big', '9223372036854775808', 'value_out_of_range'],
  ['price', '123456789.99', 'value_out_of_range'],
  ['chr', 'sixsix', 'value_too_long'],
  ['bits', '1010', 'sqlstate_22026'],
  ['code', 'CHE', 'value_too_long'],
  ['code', 'ch', 'check_violation'],
  ['mood', 'angry', 'value_invalid'],
  ['ints', [[1, 2], [3]], 'value_invalid'],
  ['day', '2026-02-30', 'value_out_of_range'],
  ['txt', 'half \ud800', 'text_invalid'],
  ['txt', 'nul \0', 'text_invalid'],
])('never cuts or bends what does not fit %s: %o', async (name, value, code) => {
  const { outcomes, results } = await deliverOnce(
    writer,
    recordsOf('upsert', [
      { match: 2, fields: { [name]: value } },
      { match: 3, fields: { [name]: null } },
    ]),
  );
  expect(outcomes).toEqual([`rejected:${code}`, 'delivered']);
  if (code !== 'check_violation')
    expect(results[0]).toMatchObject({ message: expect.stringContaining(name) });
});

it('keeps any text and any JSON', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 }).filter((one) => !one.includes('\0'));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(text, fc.array(text, { maxLength: 5 })), { maxLength: 30 }),
      async (values) => {
        const records = values.map(([txt, words], index) => ({
          match: 1000 + index,
          fields: { txt, words, doc: { [txt]: words } },
        }));
        const { outcomes } = await deliverOnce(writer, recordsOf('upsert', records));
        expect(outcomes.every((outcome) => outcome === 'delivered')).toBe(true);
        const rows = await asOwner(
          'select txt, words, doc from kinds where id >= 1000 order by id limit $1',
          [values.length],
          database.name,
        );
        expect(rows).toEqual(records.map(({ fields }) => fields));
      },
    ),
    { numRuns: 25 },
  );
});
