import { accessSync, chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, expect, type TestContext as Running, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../destinations/__tests__/destination-context.ts';
import { spooledRows, sql } from '../../__tests__/spooled-rows.ts';
import { sqliteSource } from '../definition.ts';
import { openDatabase } from '../reader/open-database.ts';

const directory = mkdtempSync(join(tmpdir(), 'sluice-sqlite-test-'));
const isRoot = process.getuid?.() === 0;
let context: TestContext;
beforeAll(() => {
  context = createTestContext([], { filesDirectory: directory });
  chmodSync(directory, 0o755);
});
afterEach(() => {
  if (isRoot) process.seteuid?.(0);
});
afterAll(async () => {
  await context.close();
  rmSync(directory, { recursive: true });
});

/** A folder with these files of a database that is open with one row in its log, which nobody may write to. */
function readOnlyFolder(
  running: Running,
  name: string,
  statements: string,
  files: readonly string[],
): string {
  const [origin, folder] = [join(directory, `${name}-origin`), join(directory, name)];
  for (const path of [origin, folder]) mkdirSync(path);
  const writer = new DatabaseSync(join(origin, 'a.db'));
  writer.exec(statements);
  for (const file of files) copyFileSync(join(origin, file), join(folder, file));
  writer.close();
  chmodSync(folder, 0o555);
  if (isRoot) {
    // Root may write everywhere: the reader is somebody else, who may not.
    process.seteuid?.(65_534);
    try {
      accessSync(join(import.meta.dirname, '../reader/read-database.ts'));
    } catch {
      running.skip('only root can read this clone');
    }
  }
  return folder;
}
const wal = 'PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)';
const read = (folder: string) =>
  spooledRows(
    sqliteSource.open({ place: 'directory', directory: folder.slice(directory.length + 1) }, context),
    sql('SELECT x FROM t'),
  );

test('a file in WAL mode is read where nothing can be put beside it, when no change waits in its log', async (running) => {
  const statements = `${wal}; PRAGMA wal_checkpoint(TRUNCATE)`;
  const folder = readOnlyFolder(running, 'alone', statements, ['a.db']);
  expect((await read(folder)).cells).toEqual([['1']]);
});

test('with a log and its index beside it, the log is read too', async (running) => {
  const folder = readOnlyFolder(running, 'whole', wal, ['a.db', 'a.db-wal', 'a.db-shm']);
  expect((await read(folder)).cells).toEqual([['1']]);
});

test('a log that cannot be read is not passed over: the error says what to do', async (running) => {
  const folder = readOnlyFolder(running, 'log', wal, ['a.db', 'a.db-wal']);
  await expect(read(folder)).rejects.toMatchObject({
    code: 'source_failed',
    message: expect.stringContaining('-wal'),
    fix: expect.stringContaining('wal_checkpoint'),
  });
});

test('a change that a crash interrupted is not taken for a query that writes', async (running) => {
  const statements = `PRAGMA cache_size = 5; CREATE TABLE t (x);
    WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 50000) INSERT INTO t SELECT n FROM c;
    BEGIN; UPDATE t SET x = x + 1`;
  const folder = readOnlyFolder(running, 'crash', statements, ['a.db', 'a.db-journal']);
  await expect(read(folder)).rejects.toMatchObject({
    code: 'source_failed',
    message: expect.stringContaining('in the middle of a change'),
  });
});

test('what is written while such a file is read is noticed', (running) => {
  const statements = `${wal}; PRAGMA wal_checkpoint(TRUNCATE)`;
  const path = join(readOnlyFolder(running, 'written', statements, ['a.db']), 'a.db');
  const opened = openDatabase(path, '');
  expect(opened.database.prepare('SELECT x FROM t').all()).toMatchObject([{ x: 1 }]);
  opened.assertUnchanged();
  if (isRoot) process.seteuid?.(0);
  chmodSync(join(directory, 'written'), 0o755);
  const writer = new DatabaseSync(path);
  writer.exec('INSERT INTO t VALUES (2)');
  expect(() => opened.assertUnchanged()).toThrow('changed');
  // The log is gone with the last writer; the file itself has changed then.
  writer.close();
  expect(() => opened.assertUnchanged()).toThrow('changed');
  opened.database.close();
});
