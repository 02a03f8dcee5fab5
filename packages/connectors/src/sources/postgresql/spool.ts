import { open } from 'node:fs/promises';
import { SluiceError } from '@sluice/domain/error';
import { errorCode } from '../../kit/egress-failure.ts';
import type { PgSession } from '../../kit/pg-connection.ts';
import type { SpooledResult } from '../../kit/source.ts';
import { CopyOut } from './copy-out.ts';
import { describeStatement } from './describe-statement.ts';
import { queryFailure } from './query-failure.ts';

export interface SpoolWatch {
  readonly onProgress: (rows: number) => void;
  /** Called once when nothing has arrived for `silenceMs`; has to stop the query. */
  readonly onSilence: (afterMs: number) => void;
  readonly silenceMs: number;
}

/**
 * Writes the whole result of a statement to a file in the canonical spool form, straight from the server's COPY.
 * Throws `source_ended_early` when the server did not say that the result is complete, `storage_full`.
 */
export async function spool(
  session: PgSession,
  statement: string,
  path: string,
  watch: SpoolWatch,
): Promise<SpooledResult> {
  const { columns, canonical } = await describeStatement(session, statement);
  const file = await open(path, 'w');
  const silence = setTimeout(() => watch.onSilence(watch.silenceMs), watch.silenceMs);
  try {
    // Described above: it is one query, and stays one inside these brackets.
    const copy = new CopyOut(`COPY (\n${canonical}\n) TO STDOUT (FORMAT csv)`, file, (rows) => {
      silence.refresh();
      watch.onProgress(rows);
    });
    const { rows, bytes } = await session.submit(copy, (query) => query.done());
    return { columns, rows, bytes };
  } catch (thrown) {
    throw spoolFailure(thrown);
  } finally {
    clearTimeout(silence);
    await file.close();
  }
}

function spoolFailure(thrown: unknown): unknown {
  const cause = thrown instanceof SluiceError ? thrown.cause : thrown;
  if (['ENOSPC', 'EDQUOT'].includes(errorCode(cause) ?? '')) {
    return new SluiceError('storage_full', 'The disk filled up while the rows were being read.', { cause });
  }
  return queryFailure(thrown, null) ?? thrown;
}
