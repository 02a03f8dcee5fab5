import { isUtf8 } from 'node:buffer';
import type { SpoolBytes } from './spool-bytes.ts';

/**
 * Writes a cell that is not NULL, of the bytes of `source` between two places, as a field of a spool. Each of these says exactly
 * what the function of `canonical.ts` would that reads the same type; what is unusual is left to that one (`viaText`).
 */
export type WriteCell = (spool: SpoolBytes, source: Buffer, from: number, to: number) => void;

const newline = 10;
const carriageReturn = 13;
const quote = 34;
const comma = 44;
const minus = 45;
const dot = 46;
const zero = 48;
const colon = 58;

/** Text, also numbers and dates that are as they should be. Bytes that are no UTF-8 become U+FFFD, as in a string. */
export const textBytes: WriteCell = (spool, source, from, to) => {
  spool.room(to - from);
  const { out } = spool;
  let { at } = spool;
  let seen = 0;
  let index = from;
  for (; index < to; index += 1) {
    const byte = source[index] as number;
    // Most bytes are greater than all that is special.
    if (byte <= comma && (byte === comma || byte === quote || byte === newline || byte === carriageReturn))
      break;
    out[at] = byte;
    at += 1;
    seen |= byte;
  }
  if (index < to || from === to) quotedBytes(spool, source, from, to);
  else if (seen > 127 && !isUtf8(source.subarray(from, to)))
    writeText(spool, source.toString('utf8', from, to));
  else spool.at = at;
};

const quotedBytes: WriteCell = (spool, source, from, to) => {
  spool.room(2 * (to - from) + 2);
  const { out } = spool;
  let { at } = spool;
  let seen = 0;
  out[at] = quote;
  at += 1;
  for (let index = from; index < to; index += 1) {
    const byte = source[index] as number;
    if (byte === quote) {
      out[at] = quote;
      at += 1;
    }
    out[at] = byte;
    at += 1;
    seen |= byte;
  }
  if (seen > 127 && !isUtf8(source.subarray(from, to))) {
    writeText(spool, source.toString('utf8', from, to));
    return;
  }
  out[at] = quote;
  spool.at = at + 1;
};

/** Writes text that is canonical already. */
export function writeText(spool: SpoolBytes, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  textBytes(spool, bytes, 0, bytes.length);
}

/** Bytes that need neither quotes nor a look. */
export const plainBytes: WriteCell = (spool, source, from, to) => {
  spool.room(to - from);
  const { out } = spool;
  let { at } = spool;
  for (let index = from; index < to; index += 1) {
    out[at] = source[index] as number;
    at += 1;
  }
  spool.at = at;
};

/** A cell by way of its canonical text; `null` is NULL. */
export const viaText =
  (read: (source: Buffer, from: number, to: number) => string | null): WriteCell =>
  (spool, source, from, to) => {
    const text = read(source, from, to);
    if (text !== null) writeText(spool, text);
  };

/**
 * Decimals in plain digits, whose zeros at the end go. With `digitsMax` floats: so many digits a float of that kind always
 * gives back, so its shortest text is the same number. Exponents, leading zeros, `-0` and `inf` are for `unusual`.
 */
export function numberBytes(unusual: WriteCell, digitsMax = Number.POSITIVE_INFINITY): WriteCell {
  const isFloat = Number.isFinite(digitsMax);
  return (spool, source, from, to) => {
    const start = source[from] === minus ? from + 1 : from;
    let point = to;
    for (let index = start; index < to; index += 1) {
      const byte = source[index] as number;
      if (byte >= zero && byte < colon) continue;
      if (byte !== dot || point < to) {
        unusual(spool, source, from, to);
        return;
      }
      point = index;
    }
    let end = to;
    if (point < to) {
      while (source[end - 1] === zero) end -= 1;
      if (end - 1 === point) end = point;
    }
    const isUnusual =
      point === start ||
      (source[start] === zero && (point > start + 1 || (start > from && end === point))) ||
      end - start > digitsMax ||
      // Small floats are written with an exponent.
      (isFloat && source[start] === zero && end > point + 3 && isTiny(source, point));
    (isUnusual ? unusual : plainBytes)(spool, source, from, isUnusual ? to : end);
  };
}

const isTiny = (source: Buffer, point: number): boolean =>
  source[point + 1] === zero && source[point + 2] === zero && source[point + 3] === zero;

/**
 * Moments of the form `2026-02-28 01:02:03.500` with `ending` behind them (`+00`), in the ISO form with `zone` instead. Years
 * before 1000, and what has another form, are for `unusual`.
 */
export function momentBytes(ending: '' | '+00' | 'Z', zone: '' | 'Z', unusual: WriteCell): WriteCell {
  const codes = [...ending].map((letter) => letter.charCodeAt(0));
  return (spool, source, from, to) => {
    let end = to - codes.length;
    if (!isMoment(source, from, end) || codes.some((code, index) => source[end + index] !== code)) {
      unusual(spool, source, from, to);
      return;
    }
    if (end > from + 19) {
      while (source[end - 1] === zero) end -= 1;
      if (source[end - 1] === dot) end -= 1;
    }
    plainBytes(spool, source, from, end);
    // The buffer may have changed under the bytes, never between them.
    const at = spool.at - (end - from);
    spool.out[at + 10] = 84;
    if (zone === 'Z') {
      spool.room(1);
      spool.out[spool.at] = 90;
      spool.at += 1;
    }
  };
}

/** What stands between the digits tells these moments from those before Christ, of long years, and at the end of time. */
function isMoment(source: Buffer, from: number, end: number): boolean {
  if (
    end < from + 19 ||
    source[from] === zero ||
    source[from + 4] !== minus ||
    source[from + 7] !== minus ||
    source[from + 13] !== colon ||
    source[from + 16] !== colon
  )
    return false;
  const gap = source[from + 10];
  if (gap !== 32 && gap !== 84) return false;
  if (end === from + 19) return true;
  if (source[from + 19] !== dot || end === from + 20) return false;
  for (let index = from + 20; index < end; index += 1) {
    const byte = source[index] as number;
    if (byte < zero || byte >= colon) return false;
  }
  return true;
}
