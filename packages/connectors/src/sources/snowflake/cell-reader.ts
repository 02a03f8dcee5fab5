import type { ColumnType } from '@sluice/domain/column';
import type { Column as DriverColumn } from 'snowflake-sdk';
import { decimalText, floatText, jsonText, writeJson } from '../../kit/sql/canonical.ts';

/** How a column of a result reads: our type, Snowflake's name of it, and the canonical text of a cell. */
export interface CellReader {
  readonly type: ColumnType;
  readonly nativeType: string;
  read(cell: unknown): string;
}

/** What a session has to be told so that the driver writes values in forms that can be read here. */
export const outputFormats: Readonly<Record<string, string>> = {
  TIMEZONE: 'UTC',
  DATE_OUTPUT_FORMAT: 'YYYY-MM-DD',
  TIME_OUTPUT_FORMAT: 'HH24:MI:SS.FF9',
  TIMESTAMP_NTZ_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF9',
  TIMESTAMP_LTZ_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF9 TZHTZM',
  TIMESTAMP_TZ_OUTPUT_FORMAT: 'YYYY-MM-DD HH24:MI:SS.FF9 TZHTZM',
  BINARY_OUTPUT_FORMAT: 'HEX',
};

const asIs = (text: string): string => text;

/** https://docs.snowflake.com/en/sql-reference/intro-summary-data-types (read 2026-11-22) */
export function cellReader(column: DriverColumn): CellReader {
  const nativeType = column.getType();
  const plain = (type: ColumnType, read: (text: string) => string): CellReader => ({
    type,
    nativeType,
    read: (cell) => read(String(cell)),
  });
  switch (nativeType) {
    case 'fixed': {
      const scale = Number(column.getScale() ?? 0);
      const name = `number(${column.getPrecision() ?? 38},${scale})`;
      return { ...plain(scale > 0 ? 'decimal' : 'integer', decimalText), nativeType: name };
    }
    case 'real':
      return { ...plain('float', realText), nativeType: 'float' };
    case 'boolean':
      return plain('boolean', (text) => text.toLowerCase());
    case 'date':
      return {
        type: 'date',
        nativeType,
        read: (cell) => secondText((cell as DriverDate).getEpochSeconds(), 10),
      };
    case 'time':
      return plain('time', shortTime);
    case 'timestamp_ntz':
      return { type: 'timestamp', nativeType, read: (cell) => momentText(cell as DriverDate) };
    case 'timestamp_ltz':
    case 'timestamp_tz':
      return { type: 'timestamp', nativeType, read: (cell) => `${momentText(cell as DriverDate)}Z` };
    case 'binary':
      return plain('binary', (text) => `\\x${text.toLowerCase()}`);
    case 'variant':
    case 'object':
    case 'map':
      return { type: 'json', nativeType, read: documentText };
    case 'array':
    case 'vector':
      return { type: 'array', nativeType, read: documentText };
    default:
      return plain('string', asIs);
  }
}

/** Text, or already a value where the column's own type says what is inside. */
const documentText = (cell: unknown): string => (typeof cell === 'string' ? jsonText(cell) : writeJson(cell));

const shortTime = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** A date or a moment as the driver hands it over. https://docs.snowflake.com/en/developer-guide/node-js/nodejs-driver-consume (read 2026-11-22) */
interface DriverDate {
  getEpochSeconds(): number;
  getNanoSeconds(): number;
}

/** `2026-02-28T01:02:03`, or the first letters of it. */
const secondText = (seconds: number, length = 19): string =>
  new Date(seconds * 1000).toISOString().slice(0, length);

/** Behind the seconds, without zeros at the end. */
const fractionText = (nanos: number): string =>
  nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;

const momentText = (date: DriverDate): string =>
  secondText(date.getEpochSeconds()) + fractionText(date.getNanoSeconds());

function realText(text: string): string {
  const word = text.toLowerCase();
  if (word === 'inf' || word === '-inf') return word === 'inf' ? 'Infinity' : '-Infinity';
  return floatText(Number(text));
}
