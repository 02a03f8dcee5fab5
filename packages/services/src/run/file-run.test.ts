import type { RunView } from '@sluice/domain/run';
import type { SyncConfigurationInput } from '@sluice/domain/sync';
import { type S3Server, startS3Server } from '@sluice/testing/s3/s3-server';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createDestination } from '../destination/create-destination.ts';
import { openTestWorld, type TestWorld } from '../testing/open-test-world.ts';
import { getRunRow } from './get-run-row.ts';

// Several workers at once in one process, on a machine that may do other things.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let world: TestWorld;
let store: S3Server;
let bucketId: number;
beforeAll(async () => {
  store = await startS3Server({ buckets: ['exports', 'sluice'] });
  vi.stubEnv('AWS_ACCESS_KEY_ID', store.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', store.secretAccessKey);
  world = await openTestWorld({
    workers: 2,
    allow: [`127.0.0.1:${store.port}`],
    // Plans and ledgers lie in a bucket, too.
    environment: {
      BLOB_URL: `s3://sluice/test?endpoint=${encodeURIComponent(store.url)}`,
      CHUNKED_ROWS_MIN: '200',
      LEASE_MS: '20000',
      REQUEST_TIMEOUT_MS: '20000',
    },
  });
  const configuration = {
    ...{ bucket: 'exports', region: 'us-east-1', prefix: 'out', endpoint: store.url, pathStyle: true },
    ...{ accessKeyId: store.accessKeyId, secretAccessKey: store.secretAccessKey, encryption: 'default' },
  };
  const { ctx, actor } = world;
  const bucket = await createDestination(ctx, actor, { name: 'Exports', type: 'amazon-s3', configuration });
  bucketId = bucket.id;
});
afterAll(async () => {
  await world.close();
  await store.close();
  vi.unstubAllEnvs();
});
beforeEach(async () => {
  store.buckets.get('exports')?.objects.clear();
  await world.target.run(
    'drop table if exists public.people',
    'create table public.people (id int primary key, name text)',
    "insert into public.people select n, 'n' || n from generate_series(1, 5) n",
  );
});

const files = (): Record<string, string> =>
  Object.fromEntries(
    [...(store.buckets.get('exports')?.objects ?? [])].map(([key, { bytes }]) => [
      key,
      bytes.toString('utf8'),
    ]),
  );
const mappings = ['id', 'name'].map((name) => ({ type: 'column' as const, from: name, to: name }));
const guards = { removedShareMax: null, changedRowsMax: null };

async function newSync(configuration: Partial<SyncConfigurationInput>): Promise<number> {
  const modelId = await world.model({ sql: 'select id, name from public.people' });
  const wanted = {
    object: 'file',
    mode: 'all',
    mappings,
    guards,
    ...configuration,
  } as SyncConfigurationInput;
  return (await world.sync({ modelId, to: bucketId, configuration: wanted })).id;
}
const run = async (syncId: number): Promise<RunView> =>
  world.ended((await world.trigger(syncId, { ignoreGuards: true })).id, 60_000);

test('all: every run writes every row, changed or not', async () => {
  const syncId = await newSync({ options: { fileName: 'latest' } });
  const whole = 'id,name\n1,n1\n2,n2\n3,n3\n4,n4\n5,n5\n';
  expect(await run(syncId)).toMatchObject({ status: 'success', counts: { delivered: { added: 5 } } });
  expect(files()).toEqual({ 'out/latest.csv': whole });
  await world.target.run('delete from public.people where id > 3');
  expect(await run(syncId)).toMatchObject({ status: 'success', counts: { delivered: { added: 3 } } });
  expect(files()).toEqual({ 'out/latest.csv': 'id,name\n1,n1\n2,n2\n3,n3\n' });
});

test('all columns: a new one goes along by itself, and rows that left keep what they had', async () => {
  const modelId = await world.model({ sql: 'select * from public.people where id < 3' });
  const options = { fileName: '{run.id}', allColumns: true };
  const configuration = { object: 'file', mode: 'diff' as const, mappings: [], guards, options };
  const { id } = await world.sync({ modelId, to: bucketId, configuration });
  await run(id);
  expect(Object.values(files())).toEqual(['_operation,id,name\nadded,1,n1\nadded,2,n2\n']);
  store.buckets.get('exports')?.objects.clear();
  await world.target.run(
    "alter table public.people add column city text default 'Ulm'",
    'delete from public.people where id = 1',
  );
  await run(id);
  expect(Object.values(files()).toSorted()).toEqual([
    '_operation,id,name\nremoved,1,n1\n',
    '_operation,id,name,city\nchanged,2,n2,Ulm\n',
  ]);
});

test('diff: one file each of what was removed, changed and added, and none when nothing was', async () => {
  const syncId = await newSync({ mode: 'diff', options: { fileName: 'people' } });
  await run(syncId);
  expect(Object.keys(files())).toEqual(['out/people-added.csv']);
  store.buckets.get('exports')?.objects.clear();
  expect(await run(syncId)).toMatchObject({ status: 'success', counts: { unchanged: 5 } });
  expect(files()).toEqual({});
  await world.target.run(
    'delete from public.people where id = 1',
    "update public.people set name = 'two' where id = 2",
    "insert into public.people values (9, 'nine')",
  );
  const ended = await run(syncId);
  expect(ended).toMatchObject({
    status: 'success',
    counts: { delivered: { added: 1, changed: 1, removed: 1 } },
  });
  expect(files()).toEqual({
    'out/people-removed.csv': '_operation,id,name\nremoved,1,n1\n',
    'out/people-changed.csv': '_operation,id,name\nchanged,2,two\n',
    'out/people-added.csv': '_operation,id,name\nadded,9,nine\n',
  });
  const row = await getRunRow(world.ctx, world.actor, { runId: ended.id, seq: 1 });
  expect(row).toMatchObject({
    class: 'removed',
    exchanges: [{ request: { summary: 'PUT s3://exports/out/people-removed.csv' } }],
  });
});

test('insert: several workers write the parts of a large run', async () => {
  await world.target.run("insert into public.people select n, 'n' || n from generate_series(6, 1000) n");
  const syncId = await newSync({
    mode: 'insert',
    options: { fileName: 'people', rowsMax: 100, format: 'ndjson' },
  });
  expect(await run(syncId)).toMatchObject({ status: 'success', counts: { delivered: { added: 1_000 } } });
  const written = files();
  expect(Object.keys(written).sort()).toEqual(
    Array.from({ length: 10 }, (_, index) => `out/people-part-${String(index + 1).padStart(2, '0')}.ndjson`),
  );
  const ids = Object.values(written).flatMap((text) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id),
  );
  expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1));
});
