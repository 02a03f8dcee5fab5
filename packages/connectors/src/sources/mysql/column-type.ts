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

// Node finds only a part of the names of this CommonJS package, so this one comes by way of its default export.
const { Types } = mysql;

/** How a column of a result reads: our type, the server's own name, and the canonical text of a cell. */
export interface ColumnReader {
  readonly type: ColumnType;
  readonly nativeType: string;
  read(cell: Buffer): string | null;
}

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
  const integer = (name: string): ColumnReader => ({
    type: 'integer',
    nativeType: `${name}${unsigned}`,
    read: flags & zerofillFlag ? (cell) => latin1(cell).replace(/^0+(?=\d)/, '') : latin1,
  });
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
      return { type: 'integer', nativeType: 'year', read: latin1 };
    case Types.BIT:
      return bitReader(Number(field.columnLength ?? 1));
    case Types.DECIMAL:
    case Types.NEWDECIMAL:
      return { type: 'decimal', nativeType: `decimal${unsigned}`, read: (cell) => decimalText(latin1(cell)) };
    case Types.FLOAT:
      return { type: 'float', nativeType: 'float', read: (cell) => float32Text(Number(latin1(cell))) };
    case Types.DOUBLE:
      return { type: 'float', nativeType: 'double', read: (cell) => floatText(Number(latin1(cell))) };
    case Types.DATE:
    case Types.NEWDATE:
      return { type: 'date', nativeType: 'date', read: (cell) => dated(latin1(cell), (text) => text) };
    case Types.DATETIME:
      return {
        type: 'timestamp',
        nativeType: 'datetime',
        read: (cell) => dated(latin1(cell), (text) => timestampText(text, '')),
      };
    case Types.TIMESTAMP:
      // The session's time zone is UTC.
      return {
        type: 'timestamp',
        nativeType: 'timestamp',
        read: (cell) => dated(latin1(cell), (text) => timestampText(text, 'Z')),
      };
    case Types.TIME:
      return { type: 'time', nativeType: 'time', read: timeText };
    case Types.JSON:
      return { type: 'json', nativeType: 'json', read: (cell) => jsonText(utf8(cell)) };
    case Types.GEOMETRY:
      return { type: 'binary', nativeType: 'geometry', read: binaryText };
    case Types.NULL:
      return { type: 'unknown', nativeType: 'null', read: utf8 };
    default:
      return bytes
        ? { type: 'binary', nativeType: 'binary', read: binaryText }
        : { type: 'string', nativeType: textName(field.columnType), read: utf8 };
  }
}

/** Bits beyond one are read as the number they spell. */
function bitReader(length: number): ColumnReader {
  const number = (cell: Buffer): bigint => cell.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  return length === 1
    ? { type: 'boolean', nativeType: 'bit(1)', read: (cell) => String(number(cell) !== 0n) }
    : { type: 'integer', nativeType: `bit(${length})`, read: (cell) => String(number(cell)) };
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
