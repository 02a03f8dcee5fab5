import type { Value } from '@sluice/domain/column';
import { RowRejected } from '../../kit/http/route.ts';
import { valueToJson } from '../../kit/value-json.ts';

/**
 * A cell as it is written, in JSON: requests hold tens of thousands of them, and as objects they take several times as
 * long. Text stays text: `=1+1` is not run.
 */
export type Cell = string;

/** Clears what is in its place. */
export const emptyCell: Cell = '{}';

/** https://support.google.com/drive/answer/37603 (2026-11) */
const charactersMax = 50_000;

/**
 * A value as a cell. `numbers`: text that is a number in its plain form becomes one, up to 15 digits, which is what a
 * sheet can hold. Throws `RowRejected` for text that is too long.
 */
export function cellOf(name: string, value: Value, numbers: boolean): Cell {
  if (value === null || value === '') return emptyCell;
  if (typeof value === 'boolean') return `{"userEnteredValue":{"boolValue":${value}}}`;
  if (typeof value === 'number' && Number.isFinite(value)) return numberCell(value);
  const text = typeof value === 'object' ? valueToJson(value) : String(value);
  const isNumber = typeof value === 'bigint' || (numbers && /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text));
  if (isNumber && text.replace(/[-.]/g, '').length <= 15) return numberCell(Number(text));
  if (text.length > charactersMax)
    throw new RowRejected('cell_too_long', `"${name}" has ${text.length} characters; a cell holds 50,000.`);
  return textCell(text);
}

/** Text as it is. */
export const textCell = (text: string): Cell =>
  `{"userEnteredValue":{"stringValue":${JSON.stringify(text)}}}`;

const numberCell = (value: number): Cell => `{"userEnteredValue":{"numberValue":${JSON.stringify(value)}}}`;
