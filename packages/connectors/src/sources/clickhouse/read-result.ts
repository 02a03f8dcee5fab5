import type { Readable } from 'node:stream';
import type { Column } from '@sluice/domain/column';
import type { Block, SqlResult } from '../../kit/sql/engine.ts';
import { AnswerBody } from './answer-body.ts';
import { type CellReader, cellReader } from './column-type.ts';
import { jsonCells, stringOf } from './json-cells.ts';
import type { ClickHouseSettings } from './settings.ts';

/** What stands before the rows. */
export interface ResultHead {
  readonly columns: Column[];
  readonly readers: readonly CellReader[];
  /** Lines of rows that came with it. */
  readonly lines: Buffer;
}

/**
 * The result in a body of the form JSONCompactEachRowWithNamesAndTypes: a line of names, one of types, then the rows. What
 * is no row is the server's word that it failed; it stands behind the rows it had sent by then. Resolves with the columns.
 */
export async function readResult(body: Readable, settings: ClickHouseSettings): Promise<SqlResult> {
  const answer = new AnswerBody(body, settings);
  const { columns, readers, lines: first } = await readHead(answer);
  async function* blocks(): AsyncGenerator<Block> {
    try {
      for (let lines: Buffer | null = first; lines; lines = await answer.nextLines()) {
        const block: (string | null)[][] = [];
        for (let at = 0; at < lines.length; ) {
          const end = lines.indexOf(newline, at);
          const cells = end === at ? [] : jsonCells(lines.toString('utf8', at, end));
          if (cells === null) throw await answer.failure(lines.subarray(at));
          if (end > at)
            block.push(
              cells.map((cell, index) =>
                cell === 'null' ? null : (readers[index] as CellReader).read(cell),
              ),
            );
          at = end + 1;
        }
        if (block.length > 0) yield block;
      }
    } finally {
      await answer.end();
    }
  }
  return { columns, blocks: blocks() };
}

/** Names and types of the columns. Throws what the server wrote in their place. */
export async function readHead(answer: AnswerBody): Promise<ResultHead> {
  const heads: string[][] = [];
  let lines: Buffer = Buffer.alloc(0);
  for (;;) {
    const end = lines.indexOf(newline);
    if (end < 0) {
      const more = await answer.nextLines();
      if (more === null) break;
      lines = more;
      continue;
    }
    const cells = jsonCells(lines.toString('utf8', 0, end));
    if (cells === null) throw await answer.failure(lines);
    heads.push(cells.map(stringOf));
    lines = lines.subarray(end + 1);
    if (heads.length === 2) break;
  }
  const [names = [], types = []] = heads;
  const readers = types.map(cellReader);
  const columns = names.map((name, index): Column => {
    const nativeType = types[index] ?? '';
    return { name, nativeType, type: readers[index]?.type ?? 'unknown' };
  });
  return { columns, readers, lines };
}

const newline = 10;
