import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type HttpServer, startHttpServer } from '@sluice/testing/http-server';
import { startS3Server } from '@sluice/testing/s3/s3-server';
import { until } from '@sluice/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import type { ConnectContext } from '../../../kit/context.ts';
import type { Configuration } from '../../../kit/source.ts';
import { spooledRows, sql } from '../../__tests__/spooled-rows.ts';
import { sqliteSource } from '../definition.ts';
import { startReader } from '../reader/start-reader.ts';

const directory = mkdtempSync(join(tmpdir(), 'sluice-sqlite-test-'));
let context: TestContext;
let http: HttpServer;
const make = (name: string, statements: string): string => {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  database.exec(statements);
  database.close();
  return path;
};
const open = (configuration: Configuration = {}, overrides: Partial<ConnectContext> = {}) =>
  sqliteSource.open(
    { place: 'directory', directory: 'shop', ...configuration },
    { ...context, ...overrides },
  );
const cells = async (text: string, configuration: Configuration = {}) =>
  (await spooledRows(open(configuration), sql(text))).cells;

beforeAll(async () => {
  make(
    'shop/shop.sqlite',
    `CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(20) COLLATE NOCASE, price DECIMAL(10,2), member BOOLEAN,
       born DATE, seen DATETIME, doc JSON, photo BLOB, any, doubled INTEGER AS (id * 2));
     INSERT INTO people VALUES
       (1, 'Zoë', 1.50, 1, '2026-02-28', '2026-02-28 01:02:03.500', '{"b":1,"a":9007199254740993}', x'00ff', 1),
       (9007199254740993, 'zoë', 2, 0, NULL, '2026-02-28T01:02:03Z', 'none', NULL, 'text'),
       (3, '', 'much', 7, 20512, 1767225600, '[1]', 'text', x'5c');
     CREATE TABLE two_keys (a TEXT, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
     CREATE VIEW names AS SELECT name FROM people;
     CREATE VIEW broken AS SELECT * FROM gone;
     CREATE VIRTUAL TABLE notes USING fts5(body);
     INSERT INTO notes VALUES ('hello world')`,
  );
  make('several/a.db', 'CREATE TABLE a (x)');
  make('several/b.db', 'CREATE TABLE b (x)');
  make('none/readme.txt', '');
  make('new/new.sqlite', '');
  mkdirSync(join(directory, 'text'));
  writeFileSync(join(directory, 'text', 'not.sqlite'), 'This is no database.'.repeat(100));
  const whole = readFileSync(
    make(
      'broken/whole.sqlite',
      'CREATE TABLE t (x); WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 50000) INSERT INTO t SELECT hex(n) FROM c',
    ),
  );
  rmSync(join(directory, 'broken'), { recursive: true });
  mkdirSync(join(directory, 'broken'));
  writeFileSync(join(directory, 'broken', 'half.sqlite'), whole.subarray(0, whole.length / 2));
  http = await startHttpServer((request) => {
    if (request.headers.authorization !== 'Bearer right') return { status: 401 };
    return request.path === '/download'
      ? { body: readFileSync(join(directory, 'shop/shop.sqlite')) }
      : { status: 404 };
  });
  context = createTestContext([http.port], { filesDirectory: directory });
});
afterAll(async () => {
  await context.close();
  await http.close();
  rmSync(directory, { recursive: true });
});

describe('values', () => {
  test('have the types that their columns were declared with, and keep their own text where they are something else', async () => {
    const { columns, cells: read } = await spooledRows(
      open(),
      sql('SELECT * FROM people ORDER BY length(id), id'),
    );
    expect(columns.map(({ name, type, nativeType }) => `${name} ${type} ${nativeType}`)).toEqual([
      'id integer integer',
      'name string varchar(20)',
      'price decimal decimal(10,2)',
      'member boolean boolean',
      'born date date',
      'seen timestamp datetime',
      'doc json json',
      'photo binary blob',
      'any unknown any',
      'doubled integer integer',
    ]);
    expect(read).toEqual([
      [
        '1',
        'Zoë',
        '1.5',
        'true',
        '2026-02-28',
        '2026-02-28T01:02:03.5',
        '{"a": 9007199254740993, "b": 1}',
        '\\x00ff',
        '1',
        '2',
      ],
      ['3', '', 'much', '7', '20512', '1767225600', '[1]', 'text', '\\x5c', '6'],
      [
        '9007199254740993',
        'zoë',
        '2',
        'false',
        null,
        '2026-02-28T01:02:03Z',
        'none',
        null,
        'text',
        '18014398509481986',
      ],
    ]);
  });
  test.each([
    ['count(*)', 'integer', 'integer'],
    ['id * 1.5', 'float', 'real'],
    ['CASE id WHEN 1 THEN 1 ELSE 0.5 END', 'float', 'real'],
    ['CASE id WHEN 1 THEN 1 ELSE name END', 'unknown', 'any'],
    ['upper(name)', 'string', 'text'],
    ["x'00'", 'binary', 'blob'],
    ['NULL', 'unknown', 'any'],
  ])('that are computed by %s are %s', async (expression, type, nativeType) => {
    const group = expression.startsWith('count') ? ' GROUP BY id' : '';
    const query = sql(`SELECT ${expression} AS v FROM people${group}`);
    const described = [{ name: 'v', type, nativeType }];
    expect(await open().describe(query)).toEqual(described);
    expect((await spooledRows(open(), query)).columns).toEqual(described);
  });
  test('that differ in case are different keys, whatever the column says', async () => {
    const query = sql("SELECT name FROM people WHERE name <> ''");
    expect(await open().inspectKey(query, 'name')).toMatchObject({ rows: 2, duplicates: 0 });
  });
  test('that differ in their last digit are different keys', async () => {
    const query = sql('SELECT 0.1 AS k UNION ALL SELECT 0.1 + 1e-17 * 3');
    expect(await open().inspectKey(query, 'k')).toMatchObject({ rows: 2, duplicates: 0 });
  });
  test('of 64 MiB and more are refused, not cut', async () => {
    await expect(cells('SELECT zeroblob(68000000) AS v')).rejects.toMatchObject({ code: 'query_invalid' });
  });
});

test('lists tables, views and full-text indexes with columns and keys, and passes over views that do not work', async () => {
  const tables = await open().introspect();
  expect(tables.map(({ schema, name, kind }) => `${schema}.${name} ${kind}`)).toEqual([
    'main.names view',
    'main.notes table',
    'main.people table',
    'main.two_keys table',
  ]);
  expect(tables[2]?.columns.slice(0, 2)).toEqual([
    { name: 'id', nativeType: 'integer', primaryKey: true },
    { name: 'name', nativeType: 'varchar(20)', primaryKey: false },
  ]);
  expect(tables[2]?.columns.at(-1)).toMatchObject({ name: 'doubled' });
  expect(tables[3]?.columns.map(({ primaryKey }) => primaryKey)).toEqual([true, true]);
});

test('full-text indexes can be searched', async () => {
  expect(await cells("SELECT body FROM notes WHERE notes MATCH 'hello'")).toEqual([['hello world']]);
});

describe('the file', () => {
  test.each([
    ['among several', 'several', undefined, 'source_failed', 'a.db, b.db'],
    ['that is not there', 'none', undefined, 'source_failed', 'no database file'],
    ['of a name that is not there', 'several', 'c.db', 'source_failed', 'c.db'],
    ['that is something else', 'text', undefined, 'source_failed', 'not an SQLite database'],
    ['in no directory', 'nowhere', undefined, 'source_unreachable', 'nowhere'],
    ['above', '..', undefined, 'source_unreachable', '..'],
  ])('%s', async (_what, folder, file, code, words) => {
    const configuration = { directory: folder, ...(file && { file }) };
    const introspecting = open(configuration).introspect();
    await expect(introspecting).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });
  test('chosen by its name', async () => {
    expect((await open({ directory: 'several', file: 'b.db' }).introspect()).map(({ name }) => name)).toEqual(
      ['b'],
    );
    expect(
      (await open({ directory: '', file: 'several/a.db' }).introspect()).map(({ name }) => name),
    ).toEqual(['a']);
  });
  test('that is cut off fails, and is not taken for a short one', async () => {
    await expect(cells('SELECT x FROM t', { directory: 'broken' })).rejects.toMatchObject({
      code: 'source_failed',
    });
  });
  test('without tables is said to be empty', async () => {
    const results = await Array.fromAsync(open({ directory: 'new' }).check());
    expect(results.map(({ name, status }) => `${name} ${status}`)).toEqual(['find passed', 'read warning']);
  });
  test('in WAL mode is read with what stands in the log only', async () => {
    const path = make('wal/live.sqlite', 'PRAGMA journal_mode = WAL; CREATE TABLE t (x)');
    const writer = new DatabaseSync(path);
    writer.exec('PRAGMA wal_autocheckpoint = 0; INSERT INTO t VALUES (1)');
    expect(await cells('SELECT x FROM t', { directory: 'wal' })).toEqual([['1']]);
    writer.close();
  });
  test('is not written, nor is anything put beside it', async () => {
    const before = readFileSync(join(directory, 'shop/shop.sqlite'));
    await cells('SELECT * FROM people ORDER BY random()');
    expect(readFileSync(join(directory, 'shop/shop.sqlite')).equals(before)).toBe(true);
    expect(readdirSync(join(directory, 'shop'))).toEqual(['shop.sqlite']);
  });
  test('of the server is not read where the operator opened nothing', async () => {
    const closed = open({}, { filesDirectory: null }).introspect();
    await expect(closed).rejects.toMatchObject({ code: 'source_permission' });
  });
});

describe('from elsewhere', () => {
  const at = (path: string, configuration: Configuration = {}) =>
    sqliteSource.open(
      { place: 'url', urls: `${http.url}${path}`, authorization: 'Bearer right', ...configuration },
      context,
    );
  test('a web address, whatever it ends with, and nothing is left behind', async () => {
    const folders = () =>
      readdirSync(tmpdir()).filter(
        (name) =>
          name.startsWith('sluice-files-') &&
          existsSync(join(tmpdir(), name)) &&
          readdirSync(join(tmpdir(), name)).some((file) => file.endsWith('-download')),
      );
    expect((await spooledRows(at('/download'), sql('SELECT count(*) AS n FROM people'))).cells).toEqual([
      ['3'],
    ]);
    expect(folders()).toEqual([]);
  });
  test.each([
    ['/download', { authorization: 'Bearer wrong' }, 'source_auth'],
    ['/missing.sqlite', {}, 'source_failed'],
  ])('%s with %j is %s', async (path, configuration, code) => {
    await expect(at(path, configuration).introspect()).rejects.toMatchObject({ code });
  });
  test('a bucket', async () => {
    const s3 = await startS3Server();
    const around = createTestContext([s3.port]);
    s3.buckets.get('acme')?.put('crm/shop.sqlite', readFileSync(join(directory, 'shop/shop.sqlite')), {});
    s3.buckets.get('acme')?.put('crm/readme.md', Buffer.from('x'), {});
    const { accessKeyId, secretAccessKey, url: endpoint } = s3;
    const source = sqliteSource.open(
      { place: 'bucket', bucket: 'acme', prefix: 'crm/', endpoint, accessKeyId, secretAccessKey },
      around,
    );
    expect((await spooledRows(source, sql('SELECT id FROM people WHERE id = 1'))).cells).toEqual([['1']]);
    await around.close();
    await s3.close();
  });
  test('two addresses are one too many', () => {
    expect(() => at('/a\nhttps://example.com/b')).toThrow(expect.objectContaining({ code: 'input_invalid' }));
  });
});

describe('the process that reads', () => {
  /** Process ids. */
  const readers = (): number[] =>
    execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes('read-database.ts') && line.includes(directory))
      .map((line) => Number.parseInt(line, 10));
  const endless =
    'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) AS n FROM c';

  test('is gone when the reader leaves in the middle of a query', async () => {
    const abort = new AbortController();
    const reading = spooledRows(
      open({}, { signal: abort.signal, timeouts: { connectMs: 60_000, requestMs: 60_000 } }),
      sql(endless),
    );
    const left = expect(reading).rejects.toThrow('left');
    await until('a reader runs', async () => readers().length > 0);
    abort.abort(new Error('left'));
    await left;
    expect(readers()).toEqual([]);
  });
  test('sees nothing of the environment', async () => {
    const reader = startReader(join(directory, 'shop/shop.sqlite'), directory);
    await reader.read({ ask: 'rows', sql: 'SELECT 1' });
    const [pid = 0] = readers();
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
    await reader.stop();
    expect(variables.sort()).toEqual(['NODE_ENV=production', `SQLITE_TMPDIR=${directory}`, 'TZ=UTC']);
  });
  test('that dies does not make a short result', async () => {
    const many =
      'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 50000000) SELECT n FROM c';
    const reading = open().spool(sql(many), '/dev/null', () => {
      for (const pid of readers()) process.kill(pid, 'SIGKILL');
    });
    await expect(reading).rejects.toMatchObject({ code: 'source_ended_early' });
  });
});
