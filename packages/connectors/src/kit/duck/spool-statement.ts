import { stat } from 'node:fs/promises';
import type { SpooledResult } from '../source.ts';
import { type DescribedStatement, describeStatement } from './describe-statement.ts';
import { type DuckSession, duckText } from './session.ts';
import { spoolDocuments } from './spool-documents.ts';

/** Writes the whole result of a statement to `path`, which the session must have been opened for, in the canonical form. */
export async function spoolStatement(
  session: DuckSession,
  statement: string,
  path: string,
  onProgress: (rows: number) => void,
): Promise<SpooledResult> {
  const described = await describeStatement(session.connection, statement);
  const nested = described.columns.some(isDocument);
  const result = nested
    ? await spoolDocuments(session.connection, described, path, onProgress)
    : await spool(session, described, path);
  onProgress(result.rows);
  return result;
}

/** Whether the text of a column's values has to be put into one order. */
export const isDocument = ({ type }: DescribedStatement['columns'][number]): boolean =>
  type === 'json' || type === 'array';

async function spool(
  { rows }: DuckSession,
  { columns, canonical }: DescribedStatement,
  path: string,
): Promise<SpooledResult> {
  const [row] = await rows(
    `COPY (\n${canonical}\n) TO ${duckText(path)} (FORMAT csv, HEADER false, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '', USE_TMP_FILE false)`,
  );
  const { size } = await stat(path);
  return { columns, rows: Number(row?.[0]), bytes: size };
}
