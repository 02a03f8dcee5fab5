import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { type HttpServer, startHttpServer } from '@sluice/testing/http-server';
import { startS3Server } from '@sluice/testing/s3/s3-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import type { Configuration } from '../../../kit/source.ts';
import { spooledRows, sql } from '../../__tests__/spooled-rows.ts';
import { filesSource } from '../definition.ts';
import { openFilesPlace } from '../open-place.ts';
import { readFilesSettings } from '../settings.ts';

const directory = mkdtempSync(join(tmpdir(), 'sluice-files-test-'));
const outside = mkdtempSync(join(tmpdir(), 'sluice-files-outside-'));
const put = (name: string, content: string | Buffer) => {
  mkdirSync(join(directory, name, '..'), { recursive: true });
  writeFileSync(join(directory, name), content);
};
let http: HttpServer;
let context: TestContext;
const served = new Map<string, Buffer>();

const open = (configuration: Configuration = {}, given: TestContext = context) =>
  filesSource.open({ place: 'directory', ...configuration }, given);
const cells = async (folder: string, text: string, configuration: Configuration = {}) =>
  (await spooledRows(open({ directory: folder, ...configuration }), sql(text))).cells;

beforeAll(async () => {
  put('csv/people.csv', 'id,name,zip,"note"\n1,"Jürgen, W.",007,\n2,"a ""b""\nc",12,""\n');
  put('csv/packed.csv.gz', gzipSync('a,b\n1,x\n2,y\n'));
  put('csv/readme.md', 'not a table');
  put('csv/tabs.tsv', 'a\tb\n1\t2\n');
  put('days/orders/2026-01.csv', 'id,amount\n1,10.50\n');
  put('days/orders/2026/02.csv', 'amount,id,coupon\n3.00,2,X\n');
  put('json/events.ndjson', '{"id":1,"at":{"b":2,"a":[1,null]}}\n{"id":2,"at":null,"more":"x"}\n');
  put('double/a.csv', 'x\n1\n');
  put('double/a.json', '{"x":1}\n');
  put('empty/nothing.bin', 'x');
  put('broken/people.parquet', 'PAR1 is not enough');
  put('two/a.duckdb', 'x');
  put('two/b.csv', 'x\n1\n');
  writeFileSync(join(outside, 'secret.csv'), 'password\nhunter2\n');
  mkdirSync(join(directory, 'links'));
  symlinkSync(join(outside, 'secret.csv'), join(directory, 'links', 'secret.csv'));
  symlinkSync(outside, join(directory, 'way-out'));
  put('links/own.csv', 'a\n1\n');

  mkdirSync(join(directory, 'parquet'));
  mkdirSync(join(directory, 'duck'));
  const instance = await DuckDBInstance.create(join(directory, 'duck', 'shop.duckdb'));
  const connection = await instance.connect();
  await connection.run('CREATE SCHEMA crm');
  await connection.run(
    'CREATE TABLE crm.people (id BIGINT PRIMARY KEY, big HUGEINT, amount DECIMAL(38,9), tags VARCHAR[])',
  );
  await connection.run(
    "INSERT INTO crm.people VALUES (1, 170141183460469231731687303715884105727, 12345678901234567890.123456789, ['a', NULL])",
  );
  await connection.run('CREATE VIEW crm.all_people AS SELECT id FROM crm.people');
  await connection.run(`COPY (SELECT id, amount, tags, TIMESTAMPTZ '2026-02-28 01:02:03.5+02' AS at FROM crm.people)
    TO '${join(directory, 'parquet', 'people.parquet')}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();

  served.set('/customers.parquet', await readFile(join(directory, 'parquet', 'people.parquet')));
  http = await startHttpServer((request) => {
    if (request.headers.authorization !== 'Bearer right') return { status: 401 };
    if (request.path === '/moved.csv') return { status: 302, headers: { location: '/customers.parquet' } };
    const body = served.get(request.path);
    return body ? { status: 200, body } : { status: 404 };
  });
  context = createTestContext([http.port], { filesDirectory: directory });
});
afterAll(async () => {
  await context.close();
  await http.close();
  rmSync(directory, { recursive: true });
  rmSync(outside, { recursive: true });
});

describe('CSV', () => {
  test('columns are text as written, and quoted emptiness is empty text', async () => {
    expect(await cells('csv', 'SELECT * FROM people ORDER BY id')).toEqual([
      ['1', 'Jürgen, W.', '007', null],
      ['2', 'a "b"\nc', '12', ''],
    ]);
  });
  test('numbers are recognised where that was chosen', async () => {
    const source = open({ directory: 'csv', csvTypes: 'detect' });
    const columns = await source.describe(sql('SELECT id, name FROM people'));
    expect(columns.map(({ type }) => type)).toEqual(['integer', 'string']);
  });
  test('packed files and tabs are read', async () => {
    expect(
      await cells('csv', 'SELECT a, b FROM packed UNION ALL SELECT a, b FROM tabs ORDER BY ALL'),
    ).toEqual([
      ['1', '2'],
      ['1', 'x'],
      ['2', 'y'],
    ]);
  });
  test('a folder is one table, by the names of its columns', async () => {
    expect(await cells('days', 'SELECT id, amount, coupon FROM orders ORDER BY id')).toEqual([
      ['1', '10.50', null],
      ['2', '3.00', 'X'],
    ]);
  });
  test('tables are listed under the names of their files', async () => {
    const tables = await open({ directory: 'csv' }).introspect();
    expect(tables.map(({ schema, name, kind }) => `${schema}.${name} ${kind}`)).toEqual([
      'main.packed table',
      'main.people table',
      'main.tabs table',
    ]);
  });
});

test('NDJSON: documents have one text', async () => {
  expect(await cells('json', 'SELECT id, "at", more FROM events ORDER BY id')).toEqual([
    ['1', '{"a": [1, null], "b": 2}', null],
    ['2', null, 'x'],
  ]);
});

test('Parquet: decimals, lists and moments are exact', async () => {
  expect(await cells('parquet', 'SELECT * FROM people')).toEqual([
    ['1', '12345678901234567890.123456789', '["a", null]', '2026-02-27T23:02:03.5Z'],
  ]);
});

test('a DuckDB file brings its schemas, views and keys', async () => {
  const tables = await open({ directory: 'duck' }).introspect();
  expect(tables.map(({ schema, name, kind }) => `${schema}.${name} ${kind}`)).toEqual([
    'crm.all_people view',
    'crm.people table',
  ]);
  expect(tables[1]?.columns[0]).toEqual({ name: 'id', nativeType: 'BIGINT', primaryKey: true });
  expect(await cells('duck', 'SELECT big FROM crm.people')).toEqual([
    ['170141183460469231731687303715884105727'],
  ]);
});

describe('a place that cannot be read', () => {
  test.each([
    ['no files', 'empty', 'source_failed'],
    ['two tables of one name', 'double', 'source_failed'],
    ['a DuckDB file among others', 'two', 'source_failed'],
    ['a broken file', 'broken', 'source_failed'],
    ['no such directory', 'nowhere', 'source_unreachable'],
    ['a directory above', '..', 'source_unreachable'],
    ['a directory outside', outside, 'source_unreachable'],
    ['a link that leads out', 'way-out', 'source_unreachable'],
  ])('%s', async (_what, folder, code) => {
    await expect(open({ directory: folder }).introspect()).rejects.toMatchObject({ code });
  });
  test('files outside are not there, whatever links to them', async () => {
    expect((await open({ directory: 'links' }).introspect()).map(({ name }) => name)).toEqual(['own']);
  });
  test('nothing of the server where the operator opened nothing', async () => {
    await expect(open({}, { ...context, filesDirectory: null }).introspect()).rejects.toMatchObject({
      code: 'source_permission',
    });
  });
  test('other files of the place cannot be named in SQL', async () => {
    const text = `SELECT * FROM people, read_csv('${join(directory, 'days/orders/2026-01.csv')}')`;
    await expect(cells('csv', text)).rejects.toMatchObject({ code: 'query_not_read_only' });
  });
});

describe('web addresses', () => {
  const at = (path: string, configuration: Configuration = {}) =>
    open({ place: 'url', urls: `${http.url}${path}`, authorization: 'Bearer right', ...configuration });
  test('are read with their header', async () => {
    const { cells: read } = await spooledRows(at('/customers.parquet'), sql('SELECT id FROM customers'));
    expect(read).toEqual([['1']]);
  });
  test.each([
    ['/customers.parquet', { authorization: 'Bearer wrong' }, 'source_auth'],
    ['/moved.csv', {}, 'source_failed'],
    ['/missing.csv', {}, 'source_failed'],
  ])('%s with %j is %s', async (path, configuration, code) => {
    await expect(at(path, configuration).introspect()).rejects.toMatchObject({ code });
  });
  test('that were not permitted are not dialled', async () => {
    const closed = createTestContext([]);
    const source = filesSource.open({ place: 'url', urls: `${http.url}/customers.parquet` }, closed);
    await expect(source.introspect()).rejects.toMatchObject({ code: 'egress_refused' });
    await closed.close();
  });
  test('leave nothing behind', async () => {
    const configuration = { urls: `${http.url}/customers.parquet`, authorization: 'Bearer right' };
    const place = await openFilesPlace(readFilesSettings(configuration), context, null);
    expect(place.readable.map((path) => existsSync(path))).toEqual([true]);
    await place.release();
    expect(place.readable.map((path) => existsSync(path))).toEqual([false]);
  });
});

describe('a bucket', () => {
  let s3: Awaited<ReturnType<typeof startS3Server>>;
  let around: TestContext;
  const inBucket = (changes: Configuration = {}) =>
    filesSource.open(
      {
        place: 'bucket',
        bucket: 'acme',
        prefix: 'crm/',
        endpoint: s3.url,
        accessKeyId: s3.accessKeyId,
        secretAccessKey: s3.secretAccessKey,
        ...changes,
      },
      around,
    );
  beforeAll(async () => {
    s3 = await startS3Server();
    around = createTestContext([s3.port]);
    const bucket = s3.buckets.get('acme');
    bucket?.put('crm/people.csv', Buffer.from('id,name\n1,Zoë\n'), {});
    bucket?.put('crm/orders/a.csv', Buffer.from('id\n1\n'), {});
    bucket?.put('crm/orders/b.csv', Buffer.from('id\n2\n'), {});
    bucket?.put('other/secret.csv', Buffer.from('id\n3\n'), {});
  });
  afterAll(async () => {
    await around.close();
    await s3.close();
  });

  test('is read below its folder', async () => {
    expect((await inBucket().introspect()).map(({ name }) => name)).toEqual(['orders', 'people']);
    const text = 'SELECT o.id, name FROM orders AS o LEFT JOIN people AS p USING (id) ORDER BY ALL';
    expect((await spooledRows(inBucket(), sql(text))).cells).toEqual([
      ['1', 'Zoë'],
      ['2', null],
    ]);
  });
  test.each([
    ['another secret', { secretAccessKey: 'wrong' }, 'source_auth'],
    ['another bucket', { bucket: 'nowhere' }, 'source_failed'],
    ['a store that is not there', { endpoint: 'http://127.0.0.1:1' }, 'egress_refused'],
  ])('%s', async (_what, changes, code) => {
    await expect(inBucket(changes).introspect()).rejects.toMatchObject({ code });
  });
  test('that allows nothing is said to, with the rights that are missing', async () => {
    s3.misbehave('denied', 'ListObjectsV2');
    await expect(inBucket().introspect()).rejects.toMatchObject({
      code: 'source_permission',
      fix: expect.stringContaining('s3:GetObject'),
    });
  });
});
