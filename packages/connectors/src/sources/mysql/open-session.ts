import type { Column } from '@sluice/domain/column';
import type { ConnectContext } from '../../kit/context.ts';
import { connectMysql, type MysqlSession, type RawRow } from '../../kit/mysql/connection.ts';
import type { MysqlSettings } from '../../kit/mysql/settings.ts';
import type { Block, SqlResult, SqlSession } from '../../kit/sql/engine.ts';
import { type ColumnReader, columnReader } from './column-type.ts';
import { introspect } from './introspect.ts';
import { queryFailure } from './query-failure.ts';
import { spoolRows } from './spool-rows.ts';

/** Rows that wait to be taken before the socket is paused. */
const blockRows = 1_000;

/** Opens a session that can only read, over one snapshot, with settings that fix how values are written. */
export async function openMysqlSession(
  settings: MysqlSettings,
  context: ConnectContext,
): Promise<SqlSession> {
  const session = await connectMysql(settings, context, 'source');
  try {
    for (const statement of fixedSettings) await session.rows(statement);
  } catch (thrown) {
    await session.end();
    throw thrown;
  }
  return {
    query: (statement) => stream(session, statement),
    spool: (statement, _columns, path, onProgress) => spoolRows(session, statement, path, onProgress),
    introspect: () => introspect(session),
    cancel: session.cancel,
    end: session.end,
  };
}

/** A client that reads slowly (the disk is) must not be thrown out after the usual minute. */
const fixedSettings = [
  "SET SESSION time_zone = '+00:00', sql_mode = 'NO_ENGINE_SUBSTITUTION', net_write_timeout = 3600, group_concat_max_len = 16777216",
  'SET SESSION TRANSACTION READ ONLY',
  'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
  'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY',
];

/** Resolves when the server has described the result; from then on rows are read as they are taken. */
async function stream(session: MysqlSession, statement: string): Promise<SqlResult> {
  const described = Promise.withResolvers<ColumnReader[]>();
  const names: string[] = [];
  let readers: ColumnReader[] = [];
  let waiting: (string | null)[][] = [];
  let wake = Promise.withResolvers<void>();
  let over = false;
  let failed: { readonly thrown: unknown } | null = null;
  const finish = (thrown: { readonly thrown: unknown } | null) => {
    failed = thrown;
    over = true;
    wake.resolve();
  };
  session
    .each(statement, {
      fields(fields) {
        readers = fields.map(columnReader);
        names.push(...fields.map(({ name }) => name));
        described.resolve(readers);
      },
      row(row) {
        waiting.push(cellsOf(row, readers));
        if (waiting.length === blockRows) {
          session.pause();
          wake.resolve();
        }
      },
    })
    .then(
      () => {
        // A statement without a result has no fields either.
        described.resolve([]);
        finish(null);
      },
      (thrown: unknown) => {
        const error = queryFailure(thrown) ?? thrown;
        described.reject(error);
        finish({ thrown: error });
      },
    );
  const columns: Column[] = (await described.promise).map(({ type, nativeType }, index) => ({
    name: names[index] ?? '',
    type,
    nativeType,
  }));
  async function* blocks(): AsyncGenerator<Block> {
    for (;;) {
      if (!over && waiting.length < blockRows) await wake.promise;
      if (failed) throw failed.thrown;
      const block = waiting;
      waiting = [];
      if (!over) {
        wake = Promise.withResolvers<void>();
        session.resume();
      }
      if (block.length > 0) yield block;
      if (over && waiting.length === 0) {
        if (failed) throw (failed as { readonly thrown: unknown }).thrown;
        return;
      }
    }
  }
  return { columns, blocks: blocks() };
}

function cellsOf(row: RawRow, readers: readonly ColumnReader[]): (string | null)[] {
  const cells = new Array<string | null>(row.length);
  for (let index = 0; index < row.length; index += 1) {
    const cell = row[index] as Buffer | null;
    cells[index] = cell === null ? null : (readers[index] as ColumnReader).read(cell);
  }
  return cells;
}
