import { createReadStream } from 'node:fs';

/** Reads a file in the form of `kit/source.ts`: blocks of rows, `null` for an empty field without quotes. */
export async function* readCsvFile(path: string, blockRows: number): AsyncGenerator<(string | null)[][]> {
  let block: (string | null)[][] = [];
  let row: (string | null)[] = [];
  let cell = '';
  let quoted = false;
  /** Inside of quotes; a quote was seen there, which is the end or half of a quote. */
  let open = false;
  let half = false;
  for await (const text of createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>) {
    for (let at = 0; at < text.length; at += 1) {
      const letter = text[at] as string;
      if (half) {
        half = false;
        if (letter === '"') {
          cell += letter;
          continue;
        }
        open = false;
      }
      if (open) {
        if (letter === '"') {
          half = true;
          continue;
        }
        const end = text.indexOf('"', at);
        cell += text.slice(at, end < 0 ? text.length : end);
        at = (end < 0 ? text.length : end) - 1;
      } else if (letter === '"') {
        quoted = true;
        open = true;
      } else if (letter === ',' || letter === '\n') {
        row.push(cell === '' && !quoted ? null : cell);
        cell = '';
        quoted = false;
        if (letter === '\n') {
          block.push(row);
          row = [];
          if (block.length >= blockRows) {
            yield block;
            block = [];
          }
        }
      } else if (letter !== '\r') cell += letter;
    }
  }
  if (block.length > 0) yield block;
}
