import type { ColumnType, Value } from '@sluice/domain/column';

/**
 * The value that canonical spool text stands for (rules in `connectors/kit/source`). Numbers that a double cannot hold
 * exactly become `bigint` (integers) or stay text (decimals); text that is not what its type promises stays text.
 */
export function parseValue(text: string | null, type: ColumnType): Value {
  return text === null ? null : parsers[type](text);
}

/** The parser of a type, for a column that is read many times. */
export const parserOf = (type: ColumnType): ((text: string) => Value) => parsers[type];

const asText = (text: string): Value => text;

const parsers: Record<ColumnType, (text: string) => Value> = {
  boolean: (text) => (text === 'true' ? true : text === 'false' ? false : text),
  integer: (text) => (/^-?\d+$/.test(text) ? parseInteger(text) : text),
  decimal: parseDecimal,
  float: parseFloatText,
  string: asText,
  date: asText,
  time: asText,
  timestamp: asText,
  json: parseJson,
  array: parseJson,
  binary: asText,
  unknown: asText,
};

function parseInteger(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** So few digits a double holds whatever they are: https://en.wikipedia.org/wiki/Double-precision_floating-point_format */
const plainDecimal = /^-?\d{1,9}(\.\d{1,6})?$/;

function parseDecimal(text: string): Value {
  if (plainDecimal.test(text)) return Number(text);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  return holdsExactly(Number(text), text) ? Number(text) : text;
}

function parseFloatText(text: string): Value {
  if (text === 'NaN') return Number.NaN;
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? text : number;
}

function parseJson(text: string): Value {
  try {
    // The reviver that sees the digits costs several times a plain parse: only long numbers need it.
    return /\d{15}|\d[eE]/.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch {
    return text;
  }
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  const source = context.source;
  if (/^-?\d+$/.test(source)) return parseInteger(source);
  return holdsExactly(value, source) ? value : source;
}

/** Whether the shortest text of the double has the same digits as `text`. */
function holdsExactly(number: number, text: string): boolean {
  const a = digitsOf(String(number));
  const b = digitsOf(text);
  return a !== null && b !== null && a.digits === b.digits && a.exponent === b.exponent;
}

/** `-12.50` and `-1.25e1` are both digits `125`, exponent 2. `null` for anything but a finite number. */
function digitsOf(text: string): { digits: string; exponent: number } | null {
  const match = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return null;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const all = whole + fraction;
  const digits = all.replace(/^0+/, '');
  const leading = all.length - digits.length;
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return { digits: '', exponent: 0 };
  return { digits: significant, exponent: whole.length - leading + Number(exponent) };
}
