import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Column, Row } from '@sluice/domain/column';
import { SyncConfiguration, type SyncConfigurationInput } from '@sluice/domain/sync';
import { afterAll, describe, expect, test } from 'vitest';
import { recordsOf } from '../../../destinations/__tests__/destination-context.ts';
import { encodeFile } from '../encode-file.ts';
import { readFileSettings } from '../file-settings.ts';

const directory = mkdtempSync(join(tmpdir(), 'sluice-formats-'));
afterAll(() => rmSync(directory, { recursive: true }));

const columns: Column[] = [
  { name: 'id', type: 'integer', nativeType: 'bigint' },
  { name: 'name', type: 'string', nativeType: 'text' },
  { name: 'price', type: 'decimal', nativeType: 'numeric(10,2)' },
  { name: 'exact', type: 'decimal', nativeType: 'numeric' },
  { name: 'ratio', type: 'float', nativeType: 'double precision' },
  { name: 'active', type: 'boolean', nativeType: 'boolean' },
  { name: 'born', type: 'date', nativeType: 'date' },
  { name: 'seen', type: 'timestamp', nativeType: 'timestamp with time zone' },
  { name: 'clock', type: 'timestamp', nativeType: 'timestamp' },
  { name: 'tags', type: 'json', nativeType: 'jsonb' },
];
const ada: Row = {
  id: 9_007_199_254_740_993n,
  name: 'Ada, "Countess"\nof Lovelace; ü',
  price: 12.5,
  exact: '0.1234567890123456789',
  ratio: 0.1,
  active: true,
  born: '1815-12-10',
  seen: '2026-11-22T07:00:00.123456Z',
  clock: '2026-11-22T07:00:00',
  tags: { a: [1, 2n ** 60n] },
};
const empty: Row = { ...Object.fromEntries(columns.map(({ name }) => [name, null])), id: 2, name: '' };

const syncOf = (options: Record<string, unknown>, input: Partial<SyncConfigurationInput> = {}) =>
  SyncConfiguration.parse({
    object: 'file',
    mode: 'all',
    mappings: columns.map(({ name }) => ({ type: 'column', from: name, to: name })),
    options,
    ...input,
  });

async function encode(
  rows: readonly Row[],
  options: Record<string, unknown>,
  input: Partial<SyncConfigurationInput> = {},
) {
  const sync = syncOf(options, input);
  const records = recordsOf(
    'create',
    rows.map((row) => ({ row, fields: row, key: String(row.id) })),
  );
  const file = encodeFile(
    {
      columns,
      async *rows() {
        for (let from = 0; from < records.length; from += 1_000) yield records.slice(from, from + 1_000);
      },
    },
    sync,
    { settings: readFileSettings(sync), variables: { 'run-id': 7 } },
  );
  const chunks: Uint8Array[] = [];
  for await (const bytes of file.bytes) chunks.push(bytes);
  const bytes = Buffer.concat(chunks);
  expect(file.size).toBe(bytes.length);
  return { bytes, text: bytes.toString('utf8'), rejected: file.rejected, rows: file.rows };
}

/** What another program reads in the file. */
async function read(bytes: Uint8Array, format: string, what = '*'): Promise<unknown[]> {
  const path = join(directory, `f${Math.random()}.${format}`);
  writeFileSync(path, bytes);
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    const from = format === 'parquet' ? `read_parquet('${path}', file_row_number = true)` : `'${path}'`;
    const result = await connection.runAndReadAll(`SELECT ${what} FROM ${from}`);
    return result.getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

test.each(['csv', 'ndjson', 'parquet'])('%s: all columns go along, whatever they are', async (format) => {
  const { bytes } = await encode([ada, empty], { allColumns: true, format }, { mappings: [] });
  const mapped = await encode([ada, empty], { format });
  expect(bytes).toEqual(mapped.bytes);
});

describe('CSV', () => {
  test('quotes what needs it, and tells NULL from an empty text', async () => {
    const { text } = await encode([ada, empty], {});
    expect(text).toBe(
      [
        'id,name,price,exact,ratio,active,born,seen,clock,tags',
        '9007199254740993,"Ada, ""Countess""\nof Lovelace; ü",12.5,0.1234567890123456789,0.1,true,1815-12-10,2026-11-22T07:00:00.123456Z,2026-11-22T07:00:00,"{""a"":[1,1152921504606846976]}"',
        '2,"",,,,,,,,',
        '',
      ].join('\n'),
    );
  });

  test('is written as the sync says', async () => {
    const mappings = [
      { type: 'column' as const, from: 'id', to: 'id' },
      { type: 'column' as const, from: 'name', to: 'name' },
      { type: 'static' as const, to: 'x', value: 'a;b' },
    ];
    const options = { delimiter: ';', header: false, lineEnd: 'crlf', nullText: '\\N', quote: 'needed' };
    const rows = [
      { id: 1, name: null, x: 'a;b' },
      { id: 2, name: '\\N', x: 'a,b' },
    ];
    expect((await encode(rows, options, { mappings })).text).toBe('1;\\N;"a;b"\r\n2;"\\N";a,b\r\n');
    const tab = await encode(rows, { delimiter: '\t', quote: 'always' }, { mappings });
    expect(tab.text.split('\n')[2]).toBe('"2"\t"\\N"\t"a,b"');
  });

  test('is read by another program as it was meant', async () => {
    const { bytes } = await encode([ada, empty], {});
    const [first, second] = await read(
      bytes,
      'csv',
      'id::VARCHAR AS id, name, tags, price::VARCHAR AS price',
    );
    expect(first).toMatchObject({
      id: '9007199254740993',
      name: ada.name,
      tags: '{"a":[1,1152921504606846976]}',
    });
    expect(second).toMatchObject({ id: '2', price: null });
  });

  test('is compressed as a whole', async () => {
    const plain = await encode([ada], {});
    expect(gunzipSync((await encode([ada], { compression: 'gzip' })).bytes)).toEqual(plain.bytes);
    expect(zstdDecompressSync((await encode([ada], { compression: 'zstd' })).bytes)).toEqual(plain.bytes);
  });
});

describe('NDJSON', () => {
  test('is one object a line with each number as it is', async () => {
    const { text } = await encode([ada, empty], { format: 'ndjson' });
    const [first, second, rest] = text.split('\n');
    expect(first).toContain('"id":9007199254740993,');
    expect(first).toContain('"tags":{"a":[1,1152921504606846976]}');
    expect(JSON.parse(second ?? '')).toEqual({ ...empty, id: 2 });
    expect(rest).toBe('');
  });
});

describe('Parquet', () => {
  test.each(['none', 'gzip', 'zstd'])('has the types and values of the model (%s)', async (compression) => {
    const { bytes } = await encode([ada, empty], { format: 'parquet', compression });
    const what = columns
      .map(({ name }) => `${name}::VARCHAR AS ${name}, typeof(${name}) AS t_${name}`)
      .join();
    const [first, second] = await read(bytes, 'parquet', what);
    expect(first).toEqual({
      ...{ id: '9007199254740993', t_id: 'BIGINT', name: ada.name, t_name: 'VARCHAR' },
      ...{ price: '12.50', t_price: 'DECIMAL(10,2)', exact: ada.exact, t_exact: 'VARCHAR' },
      ...{ ratio: '0.1', t_ratio: 'DOUBLE', active: 'true', t_active: 'BOOLEAN' },
      ...{ born: '1815-12-10', t_born: 'DATE' },
      ...{ seen: '2026-11-22 07:00:00.123456+00', t_seen: 'TIMESTAMP WITH TIME ZONE' },
      ...{ clock: '2026-11-22 07:00:00', t_clock: 'TIMESTAMP' },
      ...{ tags: '{"a":[1,1152921504606846976]}', t_tags: 'VARCHAR' },
    });
    expect(second).toMatchObject({ id: '2', name: '', price: null, seen: null, active: null });
  });

  test('leaves out the rows whose values are not of their type, and names them', async () => {
    const rows = [
      ada,
      { ...empty, id: 'x' },
      { ...empty, price: '123456789.01' },
      { ...empty, born: 'soon' },
    ];
    const file = await encode(rows, { format: 'parquet' });
    expect(file.rows).toBe(1);
    expect(file.rejected.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'value_type: "id": the value is not a whole number of 64 bits.',
      'value_type: "price": the value is not a decimal of 10 digits, 2 of them behind the point.',
      'value_type: "born": the value is not a date.',
    ]);
    expect(await read(file.bytes, 'parquet', 'count(*)::INT AS n')).toEqual([{ n: 1 }]);
  });

  test('holds more rows than one group, in their order', async () => {
    const rows = Array.from({ length: 120_000 }, (_, index) => ({
      ...empty,
      id: index,
      name: `n${index % 97}`,
    }));
    const { bytes } = await encode(rows, { format: 'parquet' });
    const what = 'count(*)::INT AS n, max(abs(id - file_row_number))::INT AS displaced';
    expect(await read(bytes, 'parquet', what)).toEqual([{ n: 120_000, displaced: 0 }]);
  });

  test('is a file also without rows', async () => {
    const { bytes } = await encode([], { format: 'parquet' });
    expect(await read(bytes, 'parquet')).toEqual([]);
  });
});
