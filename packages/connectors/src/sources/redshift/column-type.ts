import type { ColumnType } from '@sluice/domain/column';
import { decimalText, float32Text, floatText, jsonText, timestampText } from '../../kit/sql/canonical.ts';

/** How a column reads: our type, Redshift's name of it, and the canonical text of a cell that is not NULL. */
export interface CellReader {
  readonly type: ColumnType;
  readonly nativeType: string;
  read(text: string): string;
}

interface Described {
  readonly dataTypeID: number;
  readonly dataTypeModifier: number;
}

const asIs = (text: string): string => text;
const reader = (nativeType: string, type: ColumnType, read: (text: string) => string = asIs): CellReader => ({
  type,
  nativeType,
  read,
});

/** Sessions are in UTC, so a moment ends in +00. */
const momentText = (text: string): string => timestampText(text.replace(/\+00$/, ''), 'Z');
/** Hexadecimal digits; PostgreSQL, against which this is tested, writes `\x` before them. */
const bytesText = (text: string): string => `\\x${text.replace(/^\\x/, '').toLowerCase()}`;

/**
 * By the number of the type on the wire: those of PostgreSQL 8, and Redshift's own.
 * https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html (read 2026-11-22)
 */
const readers: Readonly<Record<number, CellReader>> = {
  16: reader('boolean', 'boolean', (text) => (text === 't' ? 'true' : 'false')),
  17: reader('varbyte', 'binary', bytesText),
  20: reader('bigint', 'integer'),
  21: reader('smallint', 'integer'),
  23: reader('integer', 'integer'),
  25: reader('text', 'string'),
  26: reader('oid', 'integer'),
  114: reader('json', 'json', jsonText),
  700: reader('real', 'float', (text) => float32Text(Number(text))),
  701: reader('double precision', 'float', (text) => floatText(Number(text))),
  1082: reader('date', 'date'),
  1083: reader('time', 'time'),
  1114: reader('timestamp', 'timestamp', (text) => timestampText(text, '')),
  1184: reader('timestamptz', 'timestamp', momentText),
  1266: reader('timetz', 'time'),
  3000: reader('geometry', 'string'),
  3001: reader('geography', 'string'),
  3802: reader('jsonb', 'json', jsonText),
  4000: reader('super', 'json', jsonText),
  6551: reader('varbyte', 'binary', bytesText),
};

const lengthHeader = 4;

export function cellReader({ dataTypeID: id, dataTypeModifier: modifier }: Described): CellReader {
  const has = modifier >= lengthHeader;
  if (id === 1700) {
    const size = modifier - lengthHeader;
    const name = has ? `numeric(${size >> 16},${size & 0xffff})` : 'numeric';
    return reader(name, 'decimal', (text) => (/\d/.test(text) ? decimalText(text) : text));
  }
  if (id === 1042 || id === 1043) {
    const name = id === 1042 ? 'char' : 'varchar';
    return reader(has ? `${name}(${modifier - lengthHeader})` : name, 'string');
  }
  return readers[id] ?? reader(`type ${id}`, 'string');
}
