import type { Column, ColumnType } from '@sluice/domain/column';
import { decimalText, float32Text, floatText, jsonText, timestampText } from '../../kit/sql/canonical.ts';
import {
  momentBytes,
  numberBytes,
  plainBytes,
  textBytes,
  viaText,
  type WriteCell,
} from '../../kit/sql/cell-bytes.ts';

/** How a column reads: our type, Redshift's name of it, and the canonical text of a cell that is not NULL. */
export interface CellReader {
  readonly type: ColumnType;
  readonly nativeType: string;
  read(text: string): string;
  /** Writes what `read` says. */
  readonly write: WriteCell;
}

interface Described {
  readonly name: string;
  readonly dataTypeID: number;
  readonly dataTypeModifier: number;
}

/** The reader of cells that are their own text without `read`, and are written by way of it, or as `quick` says where that is faster. */
function reader(
  nativeType: string,
  type: ColumnType,
  read?: (text: string) => string,
  quick?: (byRead: WriteCell) => WriteCell,
): CellReader {
  if (!read) return { type, nativeType, read: (text) => text, write: textBytes };
  const byRead = viaText((source, from, to) => read(source.toString('utf8', from, to)));
  return { type, nativeType, read, write: quick?.(byRead) ?? byRead };
}

/** Sessions are in UTC, so a moment ends in +00. */
const momentText = (text: string): string => timestampText(text.replace(/\+00$/, ''), 'Z');
/** Hexadecimal digits; PostgreSQL, against which this is tested, writes `\x` before them. */
const bytesText = (text: string): string => `\\x${text.replace(/^\\x/, '').toLowerCase()}`;

/** Floats of 4 and of 8 bytes always give back so many digits. */
const realBytes = (byRead: WriteCell): WriteCell => numberBytes(byRead, 6);
const doubleBytes = (byRead: WriteCell): WriteCell => numberBytes(byRead, 15);
const words = [Buffer.from('false'), Buffer.from('true')] as const;
/** `t` and `f`. */
const truthBytes = (): WriteCell => (spool, source, from, to) => {
  const word = words[to === from + 1 && source[from] === 116 ? 1 : 0];
  plainBytes(spool, word, 0, word.length);
};

/**
 * By the number of the type on the wire: those of PostgreSQL 8, and Redshift's own.
 * https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html (read 2026-11-22)
 */
const readers: Readonly<Record<number, CellReader>> = {
  16: reader('boolean', 'boolean', (text) => (text === 't' ? 'true' : 'false'), truthBytes),
  17: reader('varbyte', 'binary', bytesText),
  20: reader('bigint', 'integer'),
  21: reader('smallint', 'integer'),
  23: reader('integer', 'integer'),
  25: reader('text', 'string'),
  26: reader('oid', 'integer'),
  114: reader('json', 'json', jsonText),
  700: reader('real', 'float', (text) => float32Text(Number(text)), realBytes),
  701: reader('double precision', 'float', (text) => floatText(Number(text)), doubleBytes),
  1082: reader('date', 'date'),
  1083: reader('time', 'time'),
  1114: reader(
    'timestamp',
    'timestamp',
    (text) => timestampText(text, ''),
    (byRead) => momentBytes('', '', byRead),
  ),
  1184: reader('timestamptz', 'timestamp', momentText, (byRead) => momentBytes('+00', 'Z', byRead)),
  1266: reader('timetz', 'time'),
  3000: reader('geometry', 'string'),
  3001: reader('geography', 'string'),
  3802: reader('jsonb', 'json', jsonText),
  4000: reader('super', 'json', jsonText),
  6551: reader('varbyte', 'binary', bytesText),
};

const lengthHeader = 4;

export function columnOf(field: Described): Column {
  const { type, nativeType } = cellReader(field);
  return { name: field.name, type, nativeType };
}

export function cellReader({
  dataTypeID: id,
  dataTypeModifier: modifier,
}: Omit<Described, 'name'>): CellReader {
  const has = modifier >= lengthHeader;
  if (id === 1700) {
    const size = modifier - lengthHeader;
    const name = has ? `numeric(${size >> 16},${size & 0xffff})` : 'numeric';
    return reader(name, 'decimal', (text) => (/\d/.test(text) ? decimalText(text) : text), numberBytes);
  }
  if (id === 1042 || id === 1043) {
    const name = id === 1042 ? 'char' : 'varchar';
    return reader(has ? `${name}(${modifier - lengthHeader})` : name, 'string');
  }
  return readers[id] ?? reader(`type ${id}`, 'string');
}
