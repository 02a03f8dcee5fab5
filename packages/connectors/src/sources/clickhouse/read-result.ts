import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Column } from '@sluice/domain/column';
import type { Block, SqlResult } from '../../kit/sql/engine.ts';
import { type CellReader, cellReader } from './column-type.ts';
import { clickHouseError, exceptionInBody } from './error.ts';
import { jsonCells, stringOf } from './json-cells.ts';
import type { ClickHouseSettings } from './settings.ts';

/**
 * The result in a body of the form JSONCompactEachRowWithNamesAndTypes: a line of names, one of types, then the rows. What
 * is no row is the server's word that it failed; it stands behind the rows it had sent by then. Resolves with the columns.
 */
export async function readResult(body: Readable, settings: ClickHouseSettings): Promise<SqlResult> {
  const lines = readLines(body, settings);
  const names = await headerOf(lines);
  const types = await headerOf(lines);
  const readers = types.map(cellReader);
  const columns = names.map((name, index): Column => {
    const nativeType = types[index] ?? '';
    return { name, nativeType, type: readers[index]?.type ?? 'unknown' };
  });
  async function* blocks(): AsyncGenerator<Block> {
    let block: (string | null)[][] = [];
    for await (const cells of lines) {
      block.push(
        cells.map((cell, index) => (cell === 'null' ? null : (readers[index] as CellReader).read(cell))),
      );
      if (block.length < blockRows) continue;
      yield block;
      block = [];
    }
    if (block.length > 0) yield block;
  }
  return { columns, blocks: blocks() };
}

const blockRows = 1_000;

async function headerOf(lines: AsyncIterator<string[]>): Promise<string[]> {
  const { value, done } = await lines.next();
  return done ? [] : (value as string[]).map(stringOf);
}

/** Each row as the JSON texts of its cells. Ends only with the body, after a whole row. */
async function* readLines(body: Readable, settings: ClickHouseSettings): AsyncGenerator<string[]> {
  // Not TextDecoder: it takes a byte order mark off the beginning.
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const chunks = body[Symbol.asyncIterator]();
  for (;;) {
    const next = await chunks.next().catch((thrown: unknown) => {
      // The server breaks the connection after an exception, so that nobody takes it for the end.
      throw rest.includes('Code: ')
        ? exceptionInBody(rest, settings)
        : clickHouseError(thrown, settings, { answering: true });
    });
    if (next.done) break;
    const lines = (rest + decoder.write(next.value as Buffer)).split('\n');
    rest = lines.pop() ?? '';
    for (const [index, line] of lines.entries()) {
      if (line === '') continue;
      const cells = jsonCells(line);
      if (cells === null) {
        // All that follows is the exception; it may take another piece to be whole.
        rest = [...lines.slice(index), rest].join('\n');
        break;
      }
      yield cells;
    }
  }
  rest += decoder.end();
  if (rest.trim() !== '') throw exceptionInBody(rest, settings);
}
