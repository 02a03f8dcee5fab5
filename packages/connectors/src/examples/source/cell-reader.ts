import type { ColumnType } from '@sluice/domain/column';
import { decimalText, floatText, jsonText, timestampText } from '../../kit/sql/canonical.ts';

/** How a column of a result reads: our type, and the canonical text (`kit/source.ts`) of a cell. */
export interface CellReader {
  readonly type: ColumnType;
  read(cell: string): string;
}

const reader = (type: ColumnType, read: CellReader['read'] = (cell) => cell): CellReader => ({ type, read });
const timeText = (cell: string): string => (cell.includes('.') ? cell.replace(/\.?0+$/, '') : cell);

/** Link to the vendor's list of types, with the date. */
const byName: Readonly<Record<string, CellReader>> = {
  boolean: reader('boolean'),
  integer: reader('integer'),
  decimal: reader('decimal', decimalText),
  float: reader('float', (cell) => floatText(Number(cell))),
  date: reader('date'),
  time: reader('time', timeText),
  timestamp: reader('timestamp', (cell) => timestampText(cell, '')),
  // The server writes moments in UTC.
  moment: reader('timestamp', (cell) => timestampText(cell, 'Z')),
  bytes: reader('binary', (cell) => `\\x${cell.toLowerCase()}`),
  array: reader('array', jsonText),
  json: reader('json', jsonText),
  text: reader('string'),
};

/** The reader of a column, by the vendor's name of its type. A type that nobody thought of is shown as it comes. */
export const cellReader = (nativeType: string): CellReader => byName[nativeType] ?? reader('unknown');
