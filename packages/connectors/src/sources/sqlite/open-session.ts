import type { ConnectContext } from '../../kit/context.ts';
import type { Block, SqlSession } from '../../kit/sql/engine.ts';
import { makeFolder } from '../../kit/stored-files/stored-files.ts';
import { sqliteDialect } from './dialect.ts';
import { findFile } from './find-file.ts';
import { introspect } from './introspect.ts';
import { type Reader, type Reading, startReader } from './reader/start-reader.ts';
import type { SqliteSettings } from './settings.ts';

/** Rows from which the types of computed columns are told. */
const sampleRows = 1_000;

/** Fetches the file, unless it is on this machine, and starts a process that reads it. */
export async function openSqliteSession(
  settings: SqliteSettings,
  context: ConnectContext,
): Promise<SqlSession> {
  const found = await findFile(settings, context);
  const folder = await makeFolder();
  let reader: Reader;
  try {
    reader = startReader(await found.fetch(folder.path), folder.path);
  } catch (thrown) {
    await folder.remove();
    throw thrown;
  }
  return {
    async query(statement) {
      const { columns, progress } = await reader.read({ ask: 'rows', sql: statement });
      return { columns, blocks: blocksOf(progress) };
    },
    async describe(statement) {
      // As a subquery, columns of one name would be given others.
      const sample = sqliteDialect.limited(statement, sampleRows);
      const { columns, progress } = await reader.read({ ask: 'columns', sql: statement, sample });
      for await (const _ of progress);
      return [...columns];
    },
    // The process writes the file by itself: rows that come here first take three times as long.
    async spool(statement, _columns, path, onProgress) {
      const { columns, progress } = await reader.read({ ask: 'file', sql: statement, path });
      for (;;) {
        const { value, done } = await progress.next();
        if (typeof value === 'number') onProgress(value);
        if (!done) continue;
        onProgress(value.rows);
        return { columns: [...columns], ...value };
      }
    },
    introspect: () => introspect(reader),
    cancel: () => reader.stop(),
    async end() {
      await reader.stop();
      await folder.remove();
    },
  };
}

async function* blocksOf(progress: Reading['progress']): AsyncGenerator<Block> {
  for await (const rows of progress) if (typeof rows !== 'number') yield rows;
}
