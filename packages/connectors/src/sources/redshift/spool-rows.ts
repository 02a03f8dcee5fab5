import { SluiceError } from '@sluice/domain/error';
import type { FieldDef } from 'pg';
import type { PgSession } from '../../kit/pg-connection.ts';
import type { SpooledResult } from '../../kit/source.ts';
import type { WriteCell } from '../../kit/sql/cell-bytes.ts';
import { keepPace, openSpoolBytes, type SpoolBytes } from '../../kit/sql/spool-bytes.ts';
import { cellReader, columnOf } from './column-type.ts';
import { FetchRows } from './fetch-rows.ts';

/**
 * Writes all rows of an open cursor to a file, `fetchRows` at a time, each cell from the message of its row into the file's
 * buffer. Throws the driver's errors, `query_invalid` for a result without columns, `storage_full`.
 */
export async function spoolCursor(
  session: PgSession,
  cursor: string,
  fetchRows: number,
  path: string,
  onProgress: (rows: number) => void,
): Promise<SpooledResult> {
  const spool = await openSpoolBytes(path);
  const full = Promise.withResolvers<never>();
  full.promise.catch(() => {});
  const keep = keepPace(spool, session.client.connection.stream, full.reject);
  let columns: SpooledResult['columns'] = [];
  let writers: readonly WriteCell[] = [];
  const onFields = (fields: FieldDef[]): void => {
    if (fields.length === 0) throw new SluiceError('query_invalid', 'The query has no columns.');
    if (writers.length > 0) return;
    columns = fields.map(columnOf);
    writers = fields.map((field) => cellReader(field).write);
  };
  const take = (source: Buffer, from: number): void => {
    writeRow(spool, writers, source, from);
    keep();
  };
  try {
    for (;;) {
      const fetch = new FetchRows(`FETCH FORWARD ${fetchRows} FROM ${cursor}`, onFields, take);
      session.client.query(fetch);
      const rows = await Promise.race([fetch.done(), full.promise]);
      onProgress(spool.rows);
      if (rows < fetchRows) break;
    }
    return { columns, ...(await spool.finish()) };
  } finally {
    await spool.close();
  }
}

/** A message of a row: how many cells, then each with its length before it, -1 for NULL. */
function writeRow(spool: SpoolBytes, writers: readonly WriteCell[], source: Buffer, from: number): void {
  let at = from + 2;
  for (let index = 0; index < writers.length; index += 1) {
    if (index > 0) spool.comma();
    const length =
      ((source[at] as number) << 24) |
      ((source[at + 1] as number) << 16) |
      ((source[at + 2] as number) << 8) |
      (source[at + 3] as number);
    at += 4;
    if (length < 0) continue;
    (writers[index] as WriteCell)(spool, source, at, at + length);
    at += length;
  }
  spool.endRow();
}
