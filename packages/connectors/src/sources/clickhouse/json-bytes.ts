import { textBytes, type WriteCell } from '../../kit/sql/cell-bytes.ts';
import type { SpoolBytes } from '../../kit/sql/spool-bytes.ts';

const quote = 34;
const comma = 44;
const backslash = 92;

/** Where the JSON value that begins at `at` is over, `last` for one without an end of its own; beyond `last` if it is not whole. */
export function cellEnd(source: Buffer, at: number, last: number): number {
  const first = source[at];
  if (first === quote) return stringEnd(source, at, last);
  if (first === 91 || first === 123) return nestedEnd(source, at, last);
  for (let index = at; index < last; index += 1) if (source[index] === comma) return index;
  return last;
}

function stringEnd(source: Buffer, start: number, last: number): number {
  for (let at = start + 1; at < last; at += 1) {
    const byte = source[at];
    if (byte === quote) return at + 1;
    if (byte === backslash) at += 1;
  }
  return last + 1;
}

function nestedEnd(source: Buffer, start: number, last: number): number {
  let depth = 0;
  for (let at = start; at < last; ) {
    const byte = source[at];
    if (byte === quote) {
      at = stringEnd(source, at, last);
      continue;
    }
    if (byte === 91 || byte === 123) depth += 1;
    if (byte === 93 || byte === 125) depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return last + 1;
}

/** What is between the quotes of a JSON string, by `inside`; a cell with a backslash, or without quotes, is for `unusual`. */
export const inQuotes =
  (inside: WriteCell, unusual: WriteCell): WriteCell =>
  (spool, source, from, to) => {
    if (source[from] !== quote || source.subarray(from, to).includes(backslash))
      unusual(spool, source, from, to);
    else inside(spool, source, from + 1, to - 1);
  };

/** Text in quotes. */
export const quotedText = (unusual: WriteCell): WriteCell => inQuotes(textBytes, unusual);

/**
 * Writes a JSON string while it looks for its end, where nothing in it needs a second look: ASCII without commas, quotes and
 * backslashes. Answers where the string is over; 0 when it was not written.
 */
export function easyText(spool: SpoolBytes, source: Buffer, from: number, last: number): number {
  spool.room(last - from);
  const { out } = spool;
  let { at } = spool;
  let index = from + 1;
  // A line has an end, which is not easy.
  for (let byte = source[index] as number; easy[byte] === 1; byte = source[index] as number) {
    out[at] = byte;
    at += 1;
    index += 1;
  }
  if (source[index] !== quote || index === from + 1) return 0;
  spool.at = at;
  return index + 1;
}

/** By the byte: 1 for ASCII that stands for itself in JSON and in CSV. */
const easy = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 32 && byte < 127 && byte !== quote && byte !== comma && byte !== backslash ? 1 : 0,
);
