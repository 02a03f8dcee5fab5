import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import type { SourceConnection } from '../../../kit/source.ts';
import { spooledRows, spoolPath, sql } from '../../__tests__/spooled-rows.ts';
import { sampleSource } from '../definition.ts';

let directory: string;
let context: TestContext;
let source: SourceConnection;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-sample-'));
  context = createTestContext([], {
    sampleDirectory: directory,
    timeouts: { connectMs: 2_000, requestMs: 20_000 },
  });
  source = sampleSource.open({}, context);
});
afterAll(async () => {
  await context.close();
  await rm(directory, { recursive: true });
});

const table = (name: string) => ({ queryType: 'table' as const, schema: 'shop', table: name });
const first = async (query: string) => (await source.preview(sql(query), { limit: 1 })).rows[0];

describe('the shop', () => {
  test('is made once, also when several ask at the same time, and leaves nothing else behind', async () => {
    const others = [1, 2, 3].map(() => sampleSource.open({}, context).introspect());
    const tables = await Promise.all([source.introspect(), ...others]);
    expect(tables[0]?.map(({ name }) => name)).toEqual(['accounts', 'users', 'orders', 'events']);
    const folders = await readdir(directory);
    expect(folders).toHaveLength(1);
    expect(await readdir(join(directory, folders[0] ?? ''))).toEqual(['data.duckdb']);
  });

  test.each([
    ['accounts', '5000'],
    ['users', '100000'],
    ['orders', '200000'],
    ['events', '300000'],
  ])('%s has %s rows', async (name, rows) => {
    expect(await first(`select count(*) from ${name}`)).toEqual([rows]);
  });

  test('its users have the flaws of real data', async () => {
    await expect(source.inspectKey(table('users'), 'id')).resolves.toMatchObject({
      rows: 100_000,
      nulls: 10,
      duplicates: 25,
      examples: expect.arrayContaining(['50000']),
    });
    const flaws = {
      'e-mail missing': 'email is null',
      'e-mail repeated': `email like 'office@%'`,
      'e-mail in capitals': 'email <> lower(email)',
      'e-mail with spaces': 'email <> trim(email)',
      'e-mail empty': `email = ''`,
      'no e-mail at all': `email = 'n/a'`,
      'born in 1900': `birthday = '1900-01-01'`,
      'born in 2099': `birthday = '2099-12-31'`,
      'birthday missing': 'birthday is null',
      'name of one letter': 'length(last_name) = 1',
      'very long name': 'length(last_name) > 300',
      'emoji in the name': `first_name like '%🎉%'`,
      'space before the name': `first_name like ' %'`,
      Cyrillic: `regexp_matches(last_name, '[а-я]')`,
      Chinese: `locale = 'zh-CN'`,
      Arabic: `locale = 'ar-EG'`,
    };
    for (const [flaw, condition] of Object.entries(flaws)) {
      expect(
        Number((await first(`select count(*) from users where ${condition}`))?.[0]),
        flaw,
      ).toBeGreaterThan(0);
    }
    expect(await first(`select count(*) > 1000 from orders where total < 0`)).toEqual(['true']);
  });

  test('is the same wherever it is made', async () => {
    expect(
      await first(`select md5(string_agg(u::varchar, '|' order by id, email)) from users u where id <= 2000`),
    ).toEqual([expectedUsers]);
    expect(
      await first(
        `select md5(string_agg(o::varchar, '|' order by id)) from (from orders order by id limit 2000) o`,
      ),
    ).toEqual([expectedOrders]);
  });
});

const expectedUsers = '46f96f25b22e68040b5de82b126699ac';
const expectedOrders = 'a157a3d9edd7bdec318e0f49e56d86fa';

describe('canonical text', () => {
  test.each([
    ['true', 'boolean', 'true'],
    [
      '170141183460469231731687303715884105727::hugeint',
      'integer',
      '170141183460469231731687303715884105727',
    ],
    ['1.50::decimal(10, 2)', 'decimal', '1.5'],
    ['100::decimal(10, 2)', 'decimal', '100'],
    ['0.1::double + 0.2::double', 'float', '0.30000000000000004'],
    ['1::double', 'float', '1'],
    ['-0.0::double', 'float', '0'],
    [`'nan'::double`, 'float', 'NaN'],
    [`'-inf'::float`, 'float', '-Infinity'],
    [`date '2026-02-28'`, 'date', '2026-02-28'],
    [`timestamp '2026-02-28 01:02:03.500'`, 'timestamp', '2026-02-28T01:02:03.5'],
    [`timestamptz '2026-02-28 01:02:03+02'`, 'timestamp', '2026-02-27T23:02:03Z'],
    [`'{"a": 1}'::json`, 'json', '{"a": 1}'],
    [`{'a': 1, 'b': ['x', null]}`, 'json', '{"a": 1, "b": ["x", null]}'],
    [`['a"', null]`, 'array', '["a\\"", null]'],
    [`'\\xDE\\xAD'::blob`, 'binary', '\\xdead'],
    [`''`, 'string', ''],
    ['null::varchar', 'string', null],
    [`'a,"b"' || chr(10) || 'c'`, 'string', 'a,"b"\nc'],
  ])('%s', async (expression, type, text) => {
    const { columns, cells } = await spooledRows(source, sql(`select ${expression} as x, 1 as y`));
    expect([columns[0]?.type, cells[0]?.[0]]).toEqual([type, text]);
  });
});

describe('a model on the shop', () => {
  test('is spooled whole, again and again into the same file', async () => {
    const path = spoolPath();
    for (const name of ['users', 'accounts']) {
      const { rows, bytes, columns } = await source.spool(table(name), path, () => {});
      expect(rows).toBe(name === 'users' ? 100_000 : 5_000);
      expect(bytes).toBeGreaterThan(100_000);
      expect(columns[0]).toMatchObject({ name: 'id', type: 'integer' });
    }
    await rm(path);
  });

  test.each([
    'insert into users select * from users',
    'drop table users',
    'select 1; drop table users',
    'select 1) as a; drop table users; --',
    `select * from read_text('/etc/passwd')`,
    `select * from '/etc/passwd'`,
    `select * from read_csv('/etc/passwd')`,
    `select * from glob('/etc/*')`,
    `copy users to '/tmp/sluice-attack.csv'`,
    `attach '/tmp/sluice-attack.db'`,
    'install httpfs',
    'load httpfs',
    `set memory_limit = '10GB'`,
    'set enable_external_access = true',
    'create temp table x as select 1',
    'with gone as (delete from users) select 1',
    'pragma database_size',
    'explain analyze select 1',
  ])('may not do more than read the shop: %s', async (attack) => {
    await expect(source.preview(sql(attack), { limit: 1 })).rejects.toMatchObject({
      code: expect.stringMatching(/^query_/),
    });
    await expect(spooledRows(source, sql(attack))).rejects.toMatchObject({
      code: expect.stringMatching(/^query_/),
    });
  });

  test.each([
    ['select idd from users', 'query_invalid', /^Line 1, column 8: .*idd.*\.$/],
    ['select *\nfrom userss', 'query_invalid', /^Line 2, column 6: .*userss/],
    ['selec 1', 'query_invalid', /^Line 1, column 1: .*syntax error/],
    ['select 1 as a, 2 as a', 'query_columns_duplicate', /"a"/],
    ['select ?', 'query_invalid', /parameter/],
  ])('says what is wrong with %s', async (query, code, message) => {
    await expect(source.describe(sql(query))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  const endless = sql('select sum(a.range * b.range) as x from range(10000000) a, range(10000000) b');

  test('is stopped when it takes too long', async () => {
    const impatient = sampleSource.open({}, { ...context, timeouts: { connectMs: 1_000, requestMs: 300 } });
    await expect(impatient.preview(endless, { limit: 1 })).rejects.toMatchObject({ code: 'source_timeout' });
  });

  test('is stopped within two seconds when the signal aborts', async () => {
    const abort = new AbortController();
    const leaving = sampleSource.open({}, { ...context, signal: abort.signal });
    const outcome = expect(spooledRows(leaving, endless)).rejects.toThrow('enough');
    await new Promise((resolve) => setImmediate(resolve));
    const startedAt = performance.now();
    abort.abort(new Error('enough'));
    await outcome;
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test('does not make people wait for the shop when they leave while it is made', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'sluice-sample-'));
    const abort = new AbortController();
    const leaving = sampleSource.open({}, { ...context, sampleDirectory: empty, signal: abort.signal });
    const outcome = expect(leaving.introspect()).rejects.toThrow('enough');
    const startedAt = performance.now();
    abort.abort(new Error('enough'));
    await outcome;
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await sampleSource.open({}, { ...context, sampleDirectory: empty }).introspect();
    await rm(empty, { recursive: true });
  });

  test('that needs too much memory fails with a name', async () => {
    const greedy = sql(`select list(a.range || repeat('x', 100)) as x from range(20000000) a`);
    await expect(source.preview(greedy, { limit: 1 })).rejects.toMatchObject({
      code: 'source_failed',
      message: expect.stringContaining('memory'),
    });
  });
});
