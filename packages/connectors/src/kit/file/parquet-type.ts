import type { Value } from '@sluice/domain/column';
import type { ParquetWriter } from 'hyparquet-writer';
import { valueToJson } from '../value-json.ts';
import type { FileColumn } from './file-column.ts';

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

export type ParquetCell = boolean | number | bigint | string | null;

/** How a column stands in Parquet. */
export interface ParquetType {
  readonly element: SchemaElement;
  /** `undefined` for a value that is not of the type. */
  cellOf(value: Exclude<Value, null>): ParquetCell | undefined;
  /** `a whole number of 64 bits`. */
  readonly words: string;
}

/**
 * The Parquet type of a column. Decimals keep their digits: as DECIMAL where the source tells their precision and it fits
 * into 64 bits, as text otherwise. JSON, arrays, times of day, binary values and what is unknown are text.
 * https://github.com/apache/parquet-format/blob/master/LogicalTypes.md (2026-11)
 */
export function parquetTypeOf({ name, type, nativeType }: FileColumn): ParquetType {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  switch (type) {
    case 'boolean':
      return {
        element: { ...optional, type: 'BOOLEAN' },
        cellOf: (value) => (typeof value === 'boolean' ? value : undefined),
        words: 'true or false',
      };
    case 'integer':
      return {
        element: { ...optional, type: 'INT64' },
        cellOf: int64,
        words: 'a whole number of 64 bits',
      };
    case 'float':
      return {
        element: { ...optional, type: 'DOUBLE' },
        cellOf: (value) => (typeof value === 'number' ? value : undefined),
        words: 'a number',
      };
    case 'decimal': {
      const precision = decimalPrecision(nativeType);
      return precision ? decimal(optional, precision) : text(optional);
    }
    case 'date':
      return {
        element: { ...optional, type: 'INT32', converted_type: 'DATE' },
        cellOf: (value) => (typeof value === 'string' ? daysOf(value) : undefined),
        words: 'a date',
      };
    case 'timestamp':
      return timestamp(optional);
    default:
      return text(optional);
  }
}

/** The values say whether they name a moment or the face of a clock; the schema is written after them. */
function timestamp(optional: Optional): ParquetType {
  const logical = { type: 'TIMESTAMP' as const, isAdjustedToUTC: false, unit: 'MICROS' as const };
  return {
    element: { ...optional, type: 'INT64', converted_type: 'TIMESTAMP_MICROS', logical_type: logical },
    cellOf(value) {
      if (typeof value !== 'string') return undefined;
      logical.isAdjustedToUTC ||= value.endsWith('Z');
      return microsOf(value);
    },
    words: 'a time from the year 1 to 9999',
  };
}

type Optional = Pick<SchemaElement, 'name' | 'repetition_type'>;

const text = (optional: Optional): ParquetType => ({
  element: { ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  cellOf: (value) => (typeof value === 'object' ? valueToJson(value) : String(value)),
  words: 'text',
});

function decimal(
  optional: Optional,
  { precision, scale }: { precision: number; scale: number },
): ParquetType {
  const bound = 10n ** BigInt(precision);
  return {
    element: { ...optional, type: 'INT64', converted_type: 'DECIMAL', precision, scale },
    cellOf(value) {
      const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value));
      const [, sign = '', whole = '', fraction = ''] = match ?? [];
      if (!match || fraction.length > scale) return undefined;
      const unscaled = BigInt(`${sign}${whole}${fraction.padEnd(scale, '0')}`);
      return unscaled < bound && unscaled > -bound ? unscaled : undefined;
    },
    words: `a decimal of ${precision} digits, ${scale} of them behind the point`,
  };
}

/** Precision and scale of `numeric(10,2)`; `null` without them, or with more digits than 64 bits hold. */
function decimalPrecision(nativeType: string): { precision: number; scale: number } | null {
  const [, precision, scale] = /\((\d+)\s*(?:,\s*(\d+))?\)/.exec(nativeType) ?? [];
  const found = { precision: Number(precision ?? 0), scale: Number(scale ?? 0) };
  return found.precision >= 1 && found.precision <= 18 && found.scale <= found.precision ? found : null;
}

function int64(value: Value): bigint | undefined {
  if (typeof value !== 'bigint' && !(typeof value === 'number' && Number.isSafeInteger(value)))
    return undefined;
  const big = BigInt(value);
  return BigInt.asIntN(64, big) === big ? big : undefined;
}

function daysOf(date: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined;
  const ms = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(ms) ? undefined : Math.round(ms / 86_400_000);
}

function microsOf(time: string): bigint | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z?$/.exec(time);
  const [, whole = '', fraction = ''] = match ?? [];
  const ms = match ? Date.parse(`${whole}Z`) : Number.NaN;
  if (Number.isNaN(ms)) return undefined;
  return BigInt(ms) * 1_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
}
