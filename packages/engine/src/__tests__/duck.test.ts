import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDuck } from '../duck.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-duck-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const open = (name: string) =>
  openDuck({ workDirectory: join(directory, name), memoryLimitMb: 128, threads: 2 });

test('a run finds nothing of the one before: no tables, no threads, no memory in use', async () => {
  const one = await open('one');
  await one.widen();
  expect(await one.rows(`SELECT current_setting('threads')::INTEGER`)).toEqual([[2]]);
  await one.run(
    'CREATE TEMP TABLE many AS SELECT range AS n, md5(range::VARCHAR) AS text FROM range(200000)',
  );
  await one.run('CREATE TEMP SEQUENCE position');
  await one.appender('many');
  one.close();

  const two = await open('two');
  expect(await two.rows(`SELECT current_setting('threads')::INTEGER`)).toEqual([[1]]);
  expect(
    await two.rows(`
    SELECT (SELECT count(*) FROM duckdb_tables())::INTEGER, (SELECT count(*) FROM duckdb_sequences())::INTEGER,
      (SELECT sum(memory_usage_bytes) FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE')::INTEGER`),
  ).toEqual([[0, 0, 0]]);
  two.close();
});

test('nothing is made that would stay behind', async () => {
  const duck = await open('three');
  await expect(duck.run('CREATE OR REPLACE TABLE stays (n INTEGER)')).rejects.toThrow();
  duck.close();
});
