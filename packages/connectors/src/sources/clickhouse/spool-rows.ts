import type { Readable } from 'node:stream';
import type { SpooledResult } from '../../kit/source.ts';
import type { WriteCell } from '../../kit/sql/cell-bytes.ts';
import { openSpoolBytes, type SpoolBytes } from '../../kit/sql/spool-bytes.ts';
import { AnswerBody } from './answer-body.ts';
import { cellEnd, easyText } from './json-bytes.ts';
import { readHead } from './read-result.ts';
import type { ClickHouseSettings } from './settings.ts';

/**
 * Writes a result of the form JSONCompactEachRowWithNamesAndTypes to a file, each cell from the body into the file's buffer.
 * Throws what the server wrote behind its rows, `source_ended_early`, `storage_full`.
 */
export async function spoolRows(
  body: Readable,
  settings: ClickHouseSettings,
  path: string,
  onProgress: (rows: number) => void,
): Promise<SpooledResult> {
  const answer = new AnswerBody(body, settings);
  try {
    const { columns, readers, lines: first } = await readHead(answer);
    const writers = readers.map(({ write }) => write);
    const areText = readers.map(({ isText }) => isText);
    const spool = await openSpoolBytes(path);
    try {
      for (let lines: Buffer | null = first; lines; lines = await answer.nextLines()) {
        for (let at = 0; at < lines.length; ) {
          const end = lines.indexOf(newline, at);
          if (end > at && !writeRow(spool, writers, areText, lines, at, end))
            throw await answer.failure(lines.subarray(at));
          at = end + 1;
        }
        onProgress(spool.rows);
        if (spool.isFull) await spool.drain();
      }
      return { columns, ...(await spool.finish()) };
    } finally {
      await spool.close();
    }
  } finally {
    await answer.end();
  }
}

const newline = 10;
const space = 32;
const quote = 34;
const comma = 44;
const openBracket = 91;
const closeBracket = 93;

/** Answers false for what is no row: not in brackets, or with more or fewer cells than there are columns. */
function writeRow(
  spool: SpoolBytes,
  writers: readonly WriteCell[],
  areText: readonly boolean[],
  source: Buffer,
  from: number,
  to: number,
): boolean {
  const last = to - 1;
  if (source[from] !== openBracket || source[last] !== closeBracket || last === from) return false;
  let at = from + 1;
  for (let index = 0; index < writers.length; index += 1) {
    if (index > 0) {
      if (source[at] !== comma) return false;
      at += 1;
      spool.comma();
    }
    while (source[at] === space) at += 1;
    if (areText[index] && source[at] === quote) {
      const end = easyText(spool, source, at, last);
      if (end > 0) {
        at = end;
        continue;
      }
    }
    const end = cellEnd(source, at, last);
    if (end > last || end === at) return false;
    if (!isNull(source, at, end)) (writers[index] as WriteCell)(spool, source, at, end);
    at = end;
  }
  if (at !== last) return false;
  spool.endRow();
  return true;
}

/** No other cell begins with this letter. */
const isNull = (source: Buffer, at: number, end: number): boolean => source[at] === 110 && end === at + 4;
