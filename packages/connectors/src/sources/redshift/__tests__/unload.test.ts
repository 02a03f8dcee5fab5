// Whole results by way of a bucket: a stand-in for UNLOAD writes Parquet parts and a manifest, and a server that speaks S3 has them.
import { readFile, rm } from 'node:fs/promises';
import { asOwner, createEmptyDatabase, testCluster } from '@sluice/testing/postgres';
import { type S3Server, startS3Server } from '@sluice/testing/s3/s3-server';
import type { UnloadFaults } from '@sluice/testing/warehouses/redshift/run-unload';
import { type RedshiftStandIn, startRedshiftStandIn } from '@sluice/testing/warehouses/redshift/stand-in';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import type { ConnectContext } from '../../../kit/context.ts';
import type { Configuration } from '../../../kit/source.ts';
import { spooledRows, spoolPath, sql } from '../../__tests__/spooled-rows.ts';
import { redshiftSource } from '../definition.ts';

const role = 'arn:aws:iam::123456789012:role/redshift-unload';
const faults: UnloadFaults = { denied: false, losePart: false };
let standIn: RedshiftStandIn;
let s3: S3Server;
let context: TestContext;
let configuration: Configuration;

const open = (changes: Configuration = {}, overrides: Partial<ConnectContext> = {}) =>
  redshiftSource.open({ ...configuration, results: 'unload', ...changes }, { ...context, ...overrides });
const unloads = () => standIn.statements.filter((text) => text.startsWith('UNLOAD'));

beforeAll(async () => {
  const { url, name } = await createEmptyDatabase();
  const { username, password } = new URL(url);
  const owner = { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  s3 = await startS3Server();
  const place = { buckets: s3.buckets, role, faults, owner };
  standIn = await startRedshiftStandIn((await testCluster()).port, name, place);
  context = createTestContext([standIn.port, s3.port]);
  configuration = {
    host: '127.0.0.1',
    port: standIn.port,
    database: name,
    ...owner,
    sslMode: 'disable',
    unloadBucket: 'acme',
    unloadFolder: 'exports/sluice',
    unloadRegion: 'eu-west-1',
    unloadRole: role,
    unloadAccessKeyId: s3.accessKeyId,
    unloadSecretAccessKey: s3.secretAccessKey,
    unloadEndpoint: s3.url,
  };
  await asOwner(
    `create table people (id bigint primary key, name varchar(200), code char(5), amount numeric(38,10), ratio float8, share float4, member boolean,
       born date, seen timestamp, at timestamptz, clock time, doc jsonb, small smallint)`,
    [],
    name,
  );
  await asOwner(
    `insert into people values
       (9223372036854775807, E'Zoë, "Z"\\n''\\\\ 𠮷', 'ab', 1234567890123456789012345678.0123456789, 0.30000000000000004, 0.1, true, '2024-02-29',
        '1969-12-31 23:59:59.5', '2026-02-28 01:02:03.000001+05:30', '01:02:03.5', '{"bb": 1, "a": [9007199254740993, null]}', -1),
       (2, '', '', -0.10, 'NaN', 'Infinity', false, '0001-01-01', '9999-12-31 23:59:59', '1969-12-31 23:59:59Z', '00:00', '"x"', 0),
       (3, null, null, null, null, null, null, null, null, null, null, null, null)`,
    [],
    name,
  );
  await asOwner(
    'create table many as select i::integer as a, md5(i::text)::varchar(32) as b from generate_series(1, 2500) i',
    [],
    name,
  );
});
afterEach(() => {
  Object.assign(faults, { denied: false, losePart: false });
  s3.behave();
  expect(standIn.violations).toEqual([]);
  // Whatever happened, nothing stays behind.
  expect([...(s3.buckets.get('acme')?.objects.keys() ?? [])]).toEqual([]);
  standIn.statements.length = 0;
});
afterAll(async () => {
  await context.close();
  await standIn.close();
  await s3.close();
});

test('has the same text of every value as the cursor', async () => {
  const query = sql('select * from people order by id');
  const [unloaded, read] = [
    await spooledRows(open(), query),
    await spooledRows(open({ results: 'cursor' }), query),
  ];
  expect(unloads()).toHaveLength(1);
  expect(unloaded).toEqual(read);
  expect(unloaded.rows).toBe(3);
});

test('reads all parts of a large result, whole and in order', async () => {
  const seen: number[] = [];
  const path = spoolPath();
  const result = await open().spool(sql('select a, b from many order by a'), path, (rows) => seen.push(rows));
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  await rm(path);
  expect([result.rows, lines.length, seen.at(-1)]).toEqual([2_500, 2_500, 2_500]);
  expect(lines.map((line) => Number(line.split(',')[0]))).toEqual(
    Array.from({ length: 2_500 }, (_, index) => index + 1),
  );
  expect(unloads()[0]).toMatch(
    /TO 's3:\/\/acme\/exports\/sluice\/[0-9a-f-]{36}\/' IAM_ROLE 'arn:aws:iam::123456789012:role\/redshift-unload'/,
  );
});

test.each([
  ['no rows', 'select a from many where a < 0', []],
  ['a limit', 'select a from many order by a limit 1', [['1']]],
  ['quotes', `select 'it''s' || chr(39) as v`, [[`it's'`]]],
  ['a backslash', String.raw`select 'C:\new' as v`, [[String.raw`C:\new`]]],
  ['a comment at the end', 'select 1 as a -- one', [['1']]],
])('a statement with %s', async (_what, text, rows) => {
  expect((await spooledRows(open(), sql(text))).cells).toEqual(rows);
  expect(unloads()).toHaveLength(1);
});

test.each([
  ['a type that Parquet has not', `select '\\x00'::bytea as v`],
  ['no way to be quoted', String.raw`select '\$$' as v`],
])('a statement with %s comes through the cursor', async (_what, text) => {
  expect((await spooledRows(open(), sql(text))).rows).toBe(1);
  expect(unloads()).toEqual([]);
});

test('previews and keys come through the cursor', async () => {
  await open().preview(sql('select a from many'), { limit: 5 });
  await open().inspectKey(sql('select a from many'), 'a');
  expect(unloads()).toEqual([]);
});

test('a statement that writes is refused before anything is unloaded', async () => {
  await expect(
    spooledRows(open(), sql('with x as (delete from many returning a) select * from x')),
  ).rejects.toMatchObject({
    code: expect.stringMatching(/^query_/),
  });
  expect(unloads()).toEqual([]);
});

test('parts that are missing are not taken for the end', async () => {
  faults.losePart = true;
  await expect(spooledRows(open(), sql('select a from many'))).rejects.toMatchObject({
    code: 'source_ended_early',
  });
});

test('a run that is cancelled while it reads removes what was written', async () => {
  const abort = new AbortController();
  s3.onOperation = (operation) => {
    if (operation === 'GetObject') abort.abort(new Error('left'));
  };
  const reading = spooledRows(open({}, { signal: abort.signal }), sql('select a from many'));
  await expect(reading).rejects.toThrow('left');
  s3.onOperation = null;
});

test('says what the role of the database lacks', async () => {
  faults.denied = true;
  const reading = spooledRows(open(), sql('select a from many'));
  await expect(reading).rejects.toMatchObject({
    code: 'source_permission',
    fix: expect.stringContaining('s3:PutObject on arn:aws:s3:::acme/exports/sluice/*'),
  });
  const another = spooledRows(open({ unloadRole: 'arn:aws:iam::1:role/other' }), sql('select a from many'));
  await expect(another).rejects.toMatchObject({ code: 'source_permission' });
});

test('is checked with a row that goes there and back', async () => {
  const last = async () => (await Array.fromAsync(open().check())).find(({ name }) => name === 'unload');
  expect(await last()).toMatchObject({ status: 'passed', message: expect.stringContaining('bucket acme') });
  s3.misbehave('denied', 'DeleteObject');
  expect(await last()).toMatchObject({ status: 'failed', fix: expect.stringContaining('s3:DeleteObject') });
  s3.behave();
  s3.misbehave('denied', 'GetObject');
  expect(await last()).toMatchObject({ status: 'failed', fix: expect.stringContaining('s3:GetObject') });
});

test.each([
  ['unloadBucket', `acme' IAM_ROLE default --`],
  ['unloadFolder', `a'b`],
  ['unloadRole', `arn:aws:iam::1:role/a' x`],
  ['unloadRegion', `eu'`],
])('%s cannot end its quotes', (name, value) => {
  expect(() => open({ [name]: value })).toThrow(
    expect.objectContaining({
      code: 'input_invalid',
      fields: { [`configuration.${name}`]: expect.any(String) },
    }),
  );
});
