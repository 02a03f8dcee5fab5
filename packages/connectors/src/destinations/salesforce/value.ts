import type { Value } from '@sluice/domain/column';
import { RowRejected } from '../../kit/http/route.ts';
import { isoTime } from '../../kit/time-value.ts';
import { valueToJson } from '../../kit/value-json.ts';

/** A value as Salesforce reads it, in JSON and in CSV. `null` clears the field. */
export type FieldValue = string | number | boolean | Digits | null;

/** A number with every digit that it came with. */
export interface Digits {
  readonly digits: string;
}

const numbers = new Set(['int', 'long', 'double', 'currency', 'percent']);

/** How values of a field of this type are read. The function throws `RowRejected` for one that has no form. */
export function fieldReader(type: string): (name: string, value: Value) => FieldValue {
  const read = readerOf(type);
  // Salesforce knows no empty text: it is the absence of one.
  return (name, value) => (value === null || value === '' ? null : read(name, value));
}

function readerOf(type: string): (name: string, value: Exclude<Value, null>) => FieldValue {
  if (numbers.has(type)) return numberOf;
  if (type === 'boolean') return booleanOf;
  if (type === 'date') return (name, value) => timeOf(name, value).slice(0, 10);
  if (type === 'datetime') return timeOf;
  if (type === 'multipicklist')
    return (_, value) => (Array.isArray(value) ? value.map(plainText).join(';') : plainText(value));
  return (_, value) => plainText(value);
}

function timeOf(name: string, value: Value): string {
  const iso = isoTime(value);
  if (iso === null) throw invalid('time_invalid', name, value, 'a time');
  return iso;
}

const plainText = (value: Value): string => (typeof value === 'object' ? valueToJson(value) : String(value));

function numberOf(name: string, value: Value): number | Digits {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const text = typeof value === 'boolean' ? String(Number(value)) : plainText(value).trim();
  if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return { digits: text };
  if (/^[+-]?\d+(\.\d*)?$/.test(text)) return { digits: text.replace(/^\+|(?<=^-?)0+(?=\d)|\.$/g, '') };
  throw invalid('number_invalid', name, value, 'a number');
}

function booleanOf(name: string, value: Value): boolean {
  const text = plainText(value).trim().toLowerCase();
  if (['true', '1', 't', 'yes'].includes(text)) return true;
  if (['false', '0', 'f', 'no'].includes(text)) return false;
  throw invalid('boolean_invalid', name, value, 'true or false');
}

const invalid = (code: string, name: string, value: Value, wanted: string): RowRejected =>
  new RowRejected(code, `"${plainText(value).slice(0, 60)}" is not ${wanted}, as "${name}" needs it.`);
