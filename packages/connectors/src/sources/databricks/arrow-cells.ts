import type { ColumnType } from '@sluice/domain/column';
import { SluiceError } from '@sluice/domain/error';
import type { Data, Decimal, Field, Timestamp } from 'apache-arrow';
import {
  binaryText,
  decimalText,
  epochMicrosText,
  float32Text,
  floatText,
  jsonText,
} from '../../kit/sql/canonical.ts';
import type { ManifestColumn } from './statement.ts';

/** Canonical text of the cell at a row of a batch; `null` for NULL. */
export type ReadCell = (row: number) => string | null;

/** Loaded when first needed. */
export type Arrow = typeof import('apache-arrow');

/** https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-datatypes (read 2026-11-22) */
export function columnType({ type_name: name }: ManifestColumn): ColumnType {
  return types[name.toUpperCase()] ?? 'string';
}

const types: Readonly<Record<string, ColumnType>> = {
  BOOLEAN: 'boolean',
  BYTE: 'integer',
  SHORT: 'integer',
  INT: 'integer',
  LONG: 'integer',
  FLOAT: 'float',
  DOUBLE: 'float',
  DECIMAL: 'decimal',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_NTZ: 'timestamp',
  BINARY: 'binary',
  ARRAY: 'array',
  STRUCT: 'json',
  MAP: 'json',
  VARIANT: 'json',
};

/** Reads the cells of a column. Documents may come as Arrow's own nested types or as JSON text: both are read. */
export function cellReader(arrow: Arrow, data: Data, column: ManifestColumn): ReadCell {
  const type = columnType(column);
  const documents = type === 'json' || type === 'array';
  const nested = documents && !arrow.DataType.isUtf8(data.type);
  const read = nested ? jsonReader(arrow, data, column.name) : leafReader(arrow, data, column.name).text;
  return (row) => {
    if (!data.getValid(row)) return null;
    return documents ? jsonText(read(row)) : read(row);
  };
}

type Read = (row: number) => string;

/** Text of a value that is not NULL, and whether that text is JSON as it stands. */
function leafReader(
  arrow: Arrow,
  data: Data,
  name: string,
): { text: Read; bare: boolean | ((text: string) => boolean) } {
  const { DataType: is } = arrow;
  const { type, values } = data;
  const vector = new arrow.Vector([data]);
  if (is.isBool(type)) return { bare: true, text: (row) => String(vector.get(row)) };
  if (is.isInt(type)) return { bare: true, text: (row) => String(values[row]) };
  if (is.isFloat(type)) {
    const write = type.precision === arrow.Precision.SINGLE ? float32Text : floatText;
    return { bare: (text) => /\d/.test(text), text: (row) => write(Number(values[row])) };
  }
  if (is.isDecimal(type)) return { bare: true, text: (row) => decimalOf(type, values as Uint32Array, row) };
  if (is.isDate(type)) {
    const unitMs = type.unit === arrow.DateUnit.DAY ? 86_400_000 : 1;
    return { bare: false, text: (row) => new Date(Number(values[row]) * unitMs).toISOString().slice(0, 10) };
  }
  if (is.isTimestamp(type)) return { bare: false, text: (row) => momentOf(type, BigInt(values[row])) };
  if (is.isUtf8(type) || is.isLargeUtf8(type)) return { bare: false, text: (row) => vector.get(row) };
  if (is.isBinary(type) || is.isLargeBinary(type))
    return { bare: false, text: (row) => binaryText(vector.get(row)) };
  if (is.isNull(type)) return { bare: true, text: () => 'null' };
  throw new SluiceError(
    'query_invalid',
    `The column "${name}" has a type (${type}) that has no text of its own.`,
    {
      fix: `Write CAST(${name} AS STRING) AS ${name} in the query.`,
    },
  );
}

/** JSON of a value, NULL included; numbers keep all their digits. */
function jsonReader(arrow: Arrow, data: Data, name: string): Read {
  const { DataType: is } = arrow;
  const { type } = data;
  const inner = (index: number): Read => {
    const child = data.children[index] as Data;
    const read = jsonReader(arrow, child, name);
    return (row) => (child.getValid(row) ? read(row) : 'null');
  };
  if (is.isStruct(type)) {
    const fields = type.children.map(
      (field: Field, index) => [JSON.stringify(field.name), inner(index)] as const,
    );
    return (row) => `{${fields.map(([key, read]) => `${key}:${read(row)}`).join(',')}}`;
  }
  const offsets = data.valueOffsets as Int32Array;
  const rowsOf = (row: number): number[] => {
    const [from = 0, to = 0] = [offsets[row], offsets[row + 1]];
    return Array.from({ length: to - from }, (_, index) => from + index);
  };
  if (is.isList(type)) {
    const item = inner(0);
    return (row) => `[${rowsOf(row).map(item).join(',')}]`;
  }
  if (is.isMap(type)) {
    const entries = data.children[0] as Data;
    const [keys, values] = entries.children as [Data, Data];
    const key = leafReader(arrow, keys, name).text;
    const value = jsonReader(arrow, values, name);
    const valueAt = (row: number) => (values.getValid(row) ? value(row) : 'null');
    return (row) =>
      `{${rowsOf(row)
        .map((at) => `${JSON.stringify(key(at))}:${valueAt(at)}`)
        .join(',')}}`;
  }
  const { text, bare } = leafReader(arrow, data, name);
  return (row) => {
    const value = text(row);
    return (typeof bare === 'function' ? bare(value) : bare) ? value : JSON.stringify(value);
  };
}

/** Four words of 32 bits, the lowest first. */
function decimalOf({ scale, bitWidth }: Decimal, words: Uint32Array, row: number): string {
  const width = bitWidth / 32;
  let value = 0n;
  for (let word = width - 1; word >= 0; word -= 1)
    value = (value << 32n) | BigInt(words[row * width + word] ?? 0);
  value = BigInt.asIntN(bitWidth, value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return decimalText(`${value < 0n ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`);
}

/** Units of a second, in the order of Arrow's enumeration. */
const unitsPerSecond = [1n, 1_000n, 1_000_000n, 1_000_000_000n];

function momentOf({ unit, timezone }: Timestamp, value: bigint): string {
  const micros = (value * 1_000_000n) / (unitsPerSecond[unit] ?? 1_000_000n);
  const text = epochMicrosText(micros);
  return timezone ? text : text.slice(0, -1);
}
