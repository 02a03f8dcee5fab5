import type { ColumnType } from '@sluice/domain/column';
import type { Column as DriverColumn } from 'snowflake-sdk';
import { decimalText, floatText, jsonText, timestampText, writeJson } from '../../kit/sql/canonical.ts';

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
      return plain('date', asIs);
    case 'time':
      return plain('time', shortTime);
    case 'timestamp_ntz':
      return plain('timestamp', (text) => timestampText(text, ''));
    case 'timestamp_ltz':
    case 'timestamp_tz':
      return plain('timestamp', utcText);
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

function realText(text: string): string {
  const word = text.toLowerCase();
  if (word === 'inf' || word === '-inf') return word === 'inf' ? 'Infinity' : '-Infinity';
  return floatText(Number(text));
}

/** `2026-02-28 01:02:03.000000000 +0130` → the same moment in UTC. */
function utcText(text: string): string {
  const [, date = '', clock = '', fraction = '', sign = '+', hours = '0', minutes = '0'] =
    /^(.+) (\d\d:\d\d:\d\d)(\.\d+)? ?([+-])(\d\d):?(\d\d)$/.exec(text) ?? [];
  if (date === '') return text;
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  const utc = offset === 0 ? `${date}T${clock}` : shifted(`${date}T${clock}`, offset);
  return timestampText(`${utc}${fraction}`, 'Z');
}

const shifted = (local: string, offsetMinutes: number): string =>
  new Date(Date.parse(`${local}Z`) - offsetMinutes * 60_000).toISOString().slice(0, 19);
