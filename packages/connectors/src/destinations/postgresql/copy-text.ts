import type { Value } from '@sluice/domain/column';
import { valueToJson } from '../../kit/value-json.ts';
import type { TableColumn } from './table.ts';

/** A value as the text that the server's own input of the column's type reads; `null` for NULL. */
export function valueText(value: Value, column: Pick<TableColumn, 'shape'>): string | null {
  if (value === null) return null;
  if (column.shape === 'json') return jsonText(value);
  if (column.shape === 'array') return arrayText(value);
  return plainText(value);
}

/** Why a text cannot be stored by PostgreSQL at all; `null` when it can. */
export function findTextProblem(text: string): string | null {
  if (text.includes('\0')) return 'holds a NUL character, which PostgreSQL cannot store in text';
  if (!text.isWellFormed()) return 'holds half of a surrogate pair, which is not valid Unicode';
  return null;
}

/** Whether a text can be stored and goes into COPY as it is; what is not plain may be fine too. */
export const isPlain = (text: string): boolean => !remarkable.test(text);

/** What COPY escapes, NUL, and halves of surrogate pairs, which whole ones consist of too. */
const remarkable = /[\0\\\t\n\r\ud800-\udfff]/;

/** One field of COPY's text format. https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2 */
export function copyField(text: string | null): string {
  if (text === null) return '\\N';
  return special.test(text) ? text.replace(specials, (character) => escapes[character] ?? character) : text;
}

const special = /[\\\t\n\r]/;
const specials = /[\\\t\n\r]/g;
const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function plainText(value: Exclude<Value, null>): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? valueToJson(value) : String(value);
}

/** Text may be JSON already (a text column that holds it); what does not parse becomes a JSON string. */
function jsonText(value: Exclude<Value, null>): string {
  if (typeof value !== 'string') return valueToJson(value);
  try {
    JSON.parse(value);
    return value;
  } catch {
    return JSON.stringify(value);
  }
}

/** JSON lists become array literals; any other text is left to the server, which reads `{a,b}`. */
function arrayText(value: Exclude<Value, null>): string {
  if (Array.isArray(value)) return arrayLiteral(value);
  if (typeof value === 'string' && value.startsWith('[')) {
    try {
      const parsed: unknown = JSON.parse(value, exactNumber);
      if (Array.isArray(parsed)) return arrayLiteral(parsed as Value[]);
    } catch {
      // Such as [1:2]={3,4}, an array with bounds: the server reads it.
    }
  }
  return plainText(value);
}

/** Numbers keep the digits they were written with. */
function exactNumber(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && context?.source ? new NumberText(context.source) : value;
}

class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function arrayLiteral(values: readonly Value[]): string {
  return `{${values.map(elementText).join(',')}}`;
}

function elementText(value: Value | NumberText): string {
  if (value === null) return 'NULL';
  if (value instanceof NumberText) return value.text;
  if (Array.isArray(value)) return arrayLiteral(value);
  const text = plainText(value);
  return typeof value === 'string' || typeof value === 'object'
    ? `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
    : text;
}
