import { SluiceError } from '@sluice/domain/error';
import type { QueryArrayResult } from 'pg';
import { throwIfAborted } from '../../kit/aborted.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { connectPg, type PgSession } from '../../kit/pg-connection.ts';
import type { Block, SqlResult, SqlSession } from '../../kit/sql/engine.ts';
import { queryFailure } from '../postgresql/query-failure.ts';
import { cellReader, columnOf } from './column-type.ts';
import { introspect } from './introspect.ts';
import type { RedshiftSettings } from './settings.ts';
import { spoolCursor } from './spool-rows.ts';
import { unload } from './unload/unload.ts';

/** As many as a cluster of a single node gives at once. https://docs.aws.amazon.com/redshift/latest/dg/fetch.html (read 2026-11-22) */
const blockRows = 1_000;

/** Opens a session that only reads, with settings that fix how values are written. */
export async function openRedshiftSession(
  settings: RedshiftSettings,
  context: ConnectContext,
): Promise<SqlSession> {
  const session = await connectPg(settings, context, 'source');
  try {
    for (const statement of fixedSettings) await session.run(statement);
  } catch (thrown) {
    await session.end();
    throw thrown;
  }
  let cursors = 0;
  /** Redshift has no COPY to the client: rows come through a cursor. */
  const declare = async (statement: string): Promise<string> => {
    throwIfAborted(context.signal);
    cursors += 1;
    const name = `sluice_${cursors}`;
    await session.queryText(`DECLARE ${name} CURSOR FOR\n${statement}`).catch((thrown: unknown) => {
      throw failed(session, thrown);
    });
    return name;
  };
  return {
    query: async (statement) => readCursor(session, await declare(statement)),
    async spool(statement, columns, path, onProgress) {
      const { unload: by } = settings;
      const unloaded = by && (await unload(by, settings, context, { statement, columns, path, onProgress }));
      if (unloaded) return unloaded;
      const cursor = await declare(statement);
      try {
        const spooled = await spoolCursor(session, cursor, blockRows, path, onProgress);
        await session.queryText(`CLOSE ${cursor}`);
        return spooled;
      } catch (thrown) {
        throw failed(session, thrown);
      }
    },
    introspect: () => introspect(session),
    cancel: session.cancel,
    end: session.end,
  };
}

/** `extra_float_digits` goes no further here. https://docs.aws.amazon.com/redshift/latest/dg/r_extra_float_digits.html (read 2026-11-22) */
const fixedSettings = [
  "SET datestyle TO 'ISO, MDY'",
  "SET timezone TO 'UTC'",
  'SET extra_float_digits TO 2',
  'BEGIN READ ONLY',
];

/** The rows of an open cursor, the next ones while these are taken. */
async function readCursor(session: PgSession, name: string): Promise<SqlResult> {
  const fetch = async (): Promise<QueryArrayResult<(string | null)[]>> => {
    try {
      return await session.client.query<(string | null)[]>({
        text: `FETCH FORWARD ${blockRows} FROM ${name}`,
        rowMode: 'array',
        types: { getTypeParser: () => (text: string | Buffer) => String(text) },
      });
    } catch (thrown) {
      throw failed(session, thrown);
    }
  };
  const first = await fetch();
  if (first.fields.length === 0) throw new SluiceError('query_invalid', 'The query has no columns.');
  async function* blocks(): AsyncGenerator<Block> {
    const readers = first.fields.map(cellReader);
    for (let part = first; ; ) {
      const last = part.rows.length < blockRows;
      const next = last ? null : fetch();
      // Whoever stops taking rows does not hear of it.
      next?.catch(() => {});
      if (part.rows.length > 0)
        yield part.rows.map((row) =>
          row.map((cell, index) => (cell === null ? null : (readers[index]?.read(cell) ?? cell))),
        );
      if (next === null) break;
      part = await next;
    }
    await session.queryText(`CLOSE ${name}`);
  }
  return { columns: first.fields.map(columnOf), blocks: blocks() };
}

const failed = (session: PgSession, thrown: unknown): unknown =>
  queryFailure(thrown, null) ?? session.failure(thrown);
