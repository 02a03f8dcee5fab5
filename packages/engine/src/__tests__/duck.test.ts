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

test('a statement that is running while it is closed ends, and the next run has an instance of its own', async () => {
  const outcomes: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    const duck = await open(`busy-${round}`);
    const outcome = duck
      .rows('SELECT md5(string_agg(md5(range::VARCHAR))) FROM range(3000000)')
      .then(() => 'done')
      .catch(() => 'ended');
    await new Promise((resolve) => setTimeout(resolve, 5 + round));
    duck.close();
    const next = await open(`next-${round}`);
    expect(await next.rows('SELECT sum(range)::INTEGER FROM range(1000)')).toEqual([[499_500]]);
    outcomes.push(await outcome);
    await expect(duck.rows('SELECT 1')).rejects.toThrow();
    next.close();
  }
  expect(outcomes).toContain('ended');
});
