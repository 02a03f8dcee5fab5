import type { ColumnType } from '@sluice/domain/column';
import mysql, { type FieldPacket } from 'mysql2';
import {
  binaryText,
  decimalText,
  float32Text,
  floatText,
  jsonText,
  timestampText,
} from '../../kit/sql/canonical.ts';
import { momentBytes, numberBytes, textBytes, viaText, type WriteCell } from '../../kit/sql/cell-bytes.ts';

// Node finds only a part of the names of this CommonJS package, so this one comes by way of its default export.
const { Types } = mysql;

/** How a column of a result reads: our type, the server's own name, and the canonical text of a cell. */
export interface ColumnReader {
  readonly type: ColumnType;
  readonly nativeType: string;
  read(cell: Buffer): string | null;
  /** Writes what `read` says. */
  readonly write: WriteCell;
}

type Read = ColumnReader['read'];
const byText = (read: Read): WriteCell => viaText((source, from, to) => read(source.subarray(from, to)));

/** The reader of cells that are written by way of `read`, or as `quick` says where that is faster. */
const reader = (
  type: ColumnType,
  nativeType: string,
  read: Read,
  quick?: (byRead: WriteCell) => WriteCell,
): ColumnReader => ({ type, nativeType, read, write: quick?.(byText(read)) ?? byText(read) });

/** Number of the character set `binary`: bytes, not text. */
const binaryCharset = 63;
const unsignedFlag = 32;
const zerofillFlag = 64;

const utf8 = (cell: Buffer): string => cell.toString('utf8');
const latin1 = (cell: Buffer): string => cell.toString('latin1');

/**
 * The reader of a column, from what the server says of it. Zero dates (`0000-00-00`) are NULL: no other system has such
 * a date. https://dev.mysql.com/doc/refman/8.4/en/c-api-data-structures.html (read 2026-11-22)
 */
export function columnReader(field: FieldPacket): ColumnReader {
  const flags = Number(field.flags ?? 0);
  const unsigned = flags & unsignedFlag ? ' unsigned' : '';
  const integer = (name: string): ColumnReader =>
    flags & zerofillFlag
      ? reader('integer', `${name}${unsigned}`, (cell) => latin1(cell).replace(/^0+(?=\d)/, ''))
      : reader('integer', `${name}${unsigned}`, latin1, asText);
  const bytes = Number(field.characterSet) === binaryCharset;
  switch (field.columnType) {
    case Types.TINY:
      return integer('tinyint');
    case Types.SHORT:
      return integer('smallint');
    case Types.INT24:
      return integer('mediumint');
    case Types.LONG:
      return integer('int');
    case Types.LONGLONG:
      return integer('bigint');
    case Types.YEAR:
      return reader('integer', 'year', latin1, asText);
    case Types.BIT:
      return bitReader(Number(field.columnLength ?? 1));
    case Types.DECIMAL:
    case Types.NEWDECIMAL:
      return reader('decimal', `decimal${unsigned}`, (cell) => decimalText(latin1(cell)), numberBytes);
    case Types.FLOAT:
      return reader(
        'float',
        'float',
        (cell) => float32Text(Number(latin1(cell))),
        (byRead) => numberBytes(byRead, floatDigits),
      );
    case Types.DOUBLE:
      return reader(
        'float',
        'double',
        (cell) => floatText(Number(latin1(cell))),
        (byRead) => numberBytes(byRead, doubleDigits),
      );
    case Types.DATE:
    case Types.NEWDATE:
      return reader('date', 'date', (cell) => dated(latin1(cell), (text) => text), dateBytes);
    case Types.DATETIME:
      return reader(
        'timestamp',
        'datetime',
        (cell) => dated(latin1(cell), (text) => timestampText(text, '')),
        (byRead) => momentBytes('', '', byRead),
      );
    case Types.TIMESTAMP:
      // The session's time zone is UTC.
      return reader(
        'timestamp',
        'timestamp',
        (cell) => dated(latin1(cell), (text) => timestampText(text, 'Z')),
        (byRead) => momentBytes('', 'Z', byRead),
      );
    case Types.TIME:
      return reader('time', 'time', timeText);
    case Types.JSON:
      return reader('json', 'json', (cell) => jsonText(utf8(cell)));
    case Types.GEOMETRY:
      return reader('binary', 'geometry', binaryText);
    case Types.NULL:
      return reader('unknown', 'null', utf8);
    default:
      return bytes
        ? reader('binary', 'binary', binaryText)
        : reader('string', textName(field.columnType), utf8, asText);
  }
}

/** Digits that a float of 4 and of 8 bytes always gives back. */
const floatDigits = 6;
const doubleDigits = 15;

const asText = (): WriteCell => textBytes;

/** Zero dates begin with a zero. */
const dateBytes =
  (byRead: WriteCell): WriteCell =>
  (spool, source, from, to) =>
    (source[from] === 48 ? byRead : textBytes)(spool, source, from, to);

/** Bits beyond one are read as the number they spell. */
function bitReader(length: number): ColumnReader {
  const number = (cell: Buffer): bigint => cell.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  return length === 1
    ? reader('boolean', 'bit(1)', (cell) => String(number(cell) !== 0n))
    : reader('integer', `bit(${length})`, (cell) => String(number(cell)));
}

function dated(text: string, write: (text: string) => string): string | null {
  return text.startsWith('0000-00-00') ? null : write(text);
}

function timeText(cell: Buffer): string {
  const text = latin1(cell);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function textName(type: number | undefined): string {
  if (type === Types.ENUM) return 'enum';
  if (type === Types.SET) return 'set';
  if (type === Types.STRING) return 'char';
  return type === Types.VAR_STRING || type === Types.VARCHAR ? 'varchar' : 'text';
}
