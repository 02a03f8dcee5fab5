import type { MysqlSession } from '../../kit/mysql/connection.ts';
import { longLength, nullCell } from '../../kit/mysql/row-bytes.ts';
import type { SpooledResult } from '../../kit/source.ts';
import type { WriteCell } from '../../kit/sql/cell-bytes.ts';
import { keepPace, openSpoolBytes, type SpoolBytes } from '../../kit/sql/spool-bytes.ts';
import { columnReader } from './column-type.ts';
import { queryFailure } from './query-failure.ts';

/** Rows between two words of how far it is. */
const progressRows = 1_000;

/**
 * Writes the whole result of a statement to a file, each cell from the packet of its row into the file's buffer. Throws `query_*`,
 * `source_ended_early`, `storage_full`.
 */
export async function spoolRows(
  session: MysqlSession,
  statement: string,
  path: string,
  onProgress: (rows: number) => void,
): Promise<SpooledResult> {
  const spool = await openSpoolBytes(path);
  const full = Promise.withResolvers<never>();
  full.promise.catch(() => {});
  const keep = keepPace(spool, session, full.reject);
  let columns: SpooledResult['columns'] = [];
  let writers: readonly WriteCell[] = [];
  try {
    const sent = session.eachBytes(statement, {
      fields(fields) {
        const readers = fields.map(columnReader);
        writers = readers.map(({ write }) => write);
        columns = readers.map(({ type, nativeType }, index) => ({
          name: fields[index]?.name ?? '',
          type,
          nativeType,
        }));
      },
      row(source, from) {
        writeRow(spool, writers, source, from);
        if (spool.rows % progressRows === 0) onProgress(spool.rows);
        keep();
      },
    });
    await Promise.race([sent, full.promise]);
    const written = await spool.finish();
    onProgress(written.rows);
    return { columns, ...written };
  } catch (thrown) {
    throw queryFailure(thrown) ?? thrown;
  } finally {
    await spool.close();
  }
}

function writeRow(spool: SpoolBytes, writers: readonly WriteCell[], source: Buffer, from: number): void {
  let at = from;
  for (let index = 0; index < writers.length; index += 1) {
    if (index > 0) spool.comma();
    let length = source[at] as number;
    if (length === nullCell) {
      at += 1;
      continue;
    }
    at += 1;
    if (length > nullCell) {
      const long = longLength(source, at - 1);
      length = long.length;
      at = long.from;
    }
    (writers[index] as WriteCell)(spool, source, at, at + length);
    at += length;
  }
  spool.endRow();
}
