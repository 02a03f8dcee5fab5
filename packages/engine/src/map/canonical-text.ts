import type { ColumnType } from '@sluice/domain/column';

const patterns: Partial<Record<ColumnType, RegExp>> = {
  boolean: /^(true|false)$/,
  integer: /^-?\d{1,38}$/,
  decimal: /^-?\d+(\.\d+)?$/,
  float: /^(NaN|-?Infinity|-?\d+(\.\d+)?(e[+-]?\d+)?)$/i,
  date: /^\d{4}-\d{2}-\d{2}$/,
  timestamp: /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?$/,
};

/** Whether a text that a person wrote may stand for a value of the type, as spooled results write it. */
export const isCanonical = (text: string, type: ColumnType): boolean => patterns[type]?.test(text) ?? true;
