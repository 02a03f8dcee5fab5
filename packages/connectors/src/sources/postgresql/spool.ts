import { type FileHandle, open } from 'node:fs/promises';
import { SluiceError } from '@sluice/domain/error';
import { errorCode } from '../../kit/egress-failure.ts';
import type { PgSession } from '../../kit/pg-connection.ts';
import type { SpooledPart, SpooledResult } from '../../kit/source.ts';
import { CopyOut } from './copy-out.ts';
import { describeStatement } from './describe-statement.ts';
import { queryFailure } from './query-failure.ts';

export interface SpoolWatch {
  readonly onProgress: (rows: number) => void;
  /** Told of each file that is complete before the last one. */
  readonly onPart?: (part: SpooledPart) => void;
  /** Called once when nothing has arrived for `silenceMs`; has to stop the query. */
  readonly onSilence: (afterMs: number) => void;
  readonly silenceMs: number;
}

/**
 * Writes the whole result of a statement to a file in the forms of a spool, straight from the server's COPY.
 * Throws `source_ended_early` when the server did not say that the result is complete, `storage_full`.
 */
export async function spool(
  session: PgSession,
  statement: string,
  path: string,
  watch: SpoolWatch,
): Promise<SpooledResult> {
  const { columns, spooled } = await describeStatement(session, statement);
  const { sql, forms } = spooled;
  const onPart = (part: string): void => watch.onPart?.({ columns, forms, path: part });
  return { columns, forms, ...(await copyToFile(session, sql, path, watch, { parts: true, onPart })) };
}

/**
 * Writes the result of a query to a file, with `parts` a long one to several; the query has been described, so it is
 * one and stays one inside brackets.
 */
export async function copyToFile(
  session: PgSession,
  sql: string,
  path: string,
  watch: SpoolWatch,
  options: { readonly parts: boolean; readonly onPart?: (path: string) => void } = { parts: false },
): Promise<Pick<SpooledResult, 'rows' | 'bytes' | 'files'>> {
  let file = await open(path, 'w');
  const files = [path];
  const nextPart = async (): Promise<FileHandle> => {
    await file.close();
    options.onPart?.(files.at(-1) ?? path);
    const part = `${path}.${files.length}`;
    files.push(part);
    file = await open(part, 'w');
    return file;
  };
  const silence = setTimeout(() => watch.onSilence(watch.silenceMs), watch.silenceMs);
  try {
    const onProgress = (rows: number): void => {
      silence.refresh();
      watch.onProgress(rows);
    };
    const text = `COPY (\n${sql}\n) TO STDOUT (FORMAT csv)`;
    const copy = new CopyOut(text, file, onProgress, options.parts ? nextPart : null);
    const copied = await session.submit(copy, (query) => query.done());
    return { ...copied, ...(files.length > 1 && { files }) };
  } catch (thrown) {
    throw spoolFailure(thrown);
  } finally {
    clearTimeout(silence);
    await file.close();
  }
}

function spoolFailure(thrown: unknown): unknown {
  const cause = thrown instanceof SluiceError ? thrown.cause : thrown;
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(errorCode(cause) ?? '')) {
    return new SluiceError('storage_full', 'The disk filled up while the rows were being read.', { cause });
  }
  return queryFailure(thrown, null) ?? thrown;
}
