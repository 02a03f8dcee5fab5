import { SluiceError } from '@sluice/domain/error';

/** Canonical text of values that drivers hand over; the forms are described in `kit/source.ts`. */

/** `1.500` → `1.5`, `-0.00` → `0`, `1E+3` → `1000`. Takes plain or exponent notation. */
export function decimalText(text: string): string {
  if (shortDecimal.test(text) && text !== '-0') return text;
  const plain = /e/i.test(text) ? withoutExponent(text) : text;
  const [whole = '', fraction = ''] = plain.replace(/^\+/, '').split('.');
  const negative = whole.startsWith('-');
  const digits = whole.replace(/^-?0*(?=\d)/, '') || '0';
  const rest = fraction.replace(/0+$/, '');
  const value = rest === '' ? digits : `${digits}.${rest}`;
  return negative && value !== '0' ? `-${value}` : value;
}

/** As `decimalText` writes numbers: most come so, and taking them apart takes long. */
const shortDecimal = /^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/;

function withoutExponent(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)e([+-]?\d+)$/i.exec(text) ?? [];
  const shift = Number(exponent);
  const digits = whole + fraction;
  const point = whole.length + shift;
  if (Math.abs(shift) > 100_000)
    throw new SluiceError('source_failed', `The number ${text} is out of range.`);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point).padEnd(point, '0')}.${digits.slice(point)}`;
}

/** A double in the shortest form that reads back the same; `-0` is `0`. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return String(value + 0);
}

/** A single-precision float, which has fewer digits than the double that holds it. */
export function float32Text(value: number): string {
  if (!Number.isFinite(value)) return floatText(value);
  for (let digits = 1; digits <= 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return floatText(short);
  }
  return floatText(value);
}

/**
 * A timestamp of the form `YYYY-MM-DD HH:MM:SS[.f…]`, however long the fraction; `zone` is what to write behind it
 * (`Z` where the text is in UTC, nothing where the column has no zone).
 */
export function timestampText(text: string, zone: '' | 'Z'): string {
  const [date = '', time = '00:00:00'] = text.split(/[ T]/);
  const trimmed = time.includes('.') ? time.replace(/\.?0+$/, '') : time;
  return `${date}T${trimmed}${zone}`;
}

/** Microseconds since 1970 in UTC. */
export function epochMicrosText(micros: bigint): string {
  const second = 1_000_000n;
  const fraction = ((micros % second) + second) % second;
  const seconds = (micros - fraction) / second;
  const iso = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return fraction === 0n ? `${iso}Z` : `${iso}.${String(fraction).padStart(6, '0').replace(/0+$/, '')}Z`;
}

export const binaryText = (bytes: Uint8Array): string => `\\x${Buffer.from(bytes).toString('hex')}`;

/**
 * JSON text of a document in the form that PostgreSQL gives a jsonb: `{"a": [1, 2], "bb": null}`, the keys of an object by
 * length in bytes and then by their bytes. Equal documents have equal text whatever source they come from.
 * https://www.postgresql.org/docs/current/datatype-json.html (read 2026-11-22)
 */
export function jsonText(text: string): string {
  // Numbers that a double cannot hold must not pass through one; their source text is kept (JSON.parse source text access).
  const parsed: unknown = JSON.parse(text, keepDigits);
  return writeJson(parsed);
}

/** The same for a value that is already parsed. */
export function writeJson(value: unknown): string {
  if (value instanceof Digits) return value.text;
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(writeJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value).sort(byLengthAndBytes);
    const inner = value as Record<string, unknown>;
    return `{${keys.map((key) => `${JSON.stringify(key)}: ${writeJson(inner[key])}`).join(', ')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

function byLengthAndBytes(a: string, b: string): number {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  // Halves of surrogate pairs have the same bytes: they are told apart by their code.
  return left.length - right.length || left.compare(right) || (a < b ? -1 : 1);
}

/** A number as it was written. */
class Digits {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** `source` came with ES2025; TypeScript's own typing of the reviver does not have it yet. */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? new Digits(context.source) : value;
}
