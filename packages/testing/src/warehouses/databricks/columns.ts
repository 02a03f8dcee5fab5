import {
  Binary,
  Bool,
  type Data,
  type DataType,
  DateDay,
  Decimal,
  Field,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  List,
  Map_,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  TimestampMicrosecond,
  tableToIPC,
  Utf8,
} from 'apache-arrow';
import { type DuckType, parseDuckType } from '../duck-type.ts';

/** A column as the manifest of a result has it. */
export interface ManifestColumn {
  readonly name: string;
  readonly position: number;
  readonly type_name: string;
  readonly type_text: string;
}

export function manifestColumn(name: string, duck: string, position: number): ManifestColumn {
  const type = parseDuckType(duck);
  const text = typeText(type);
  return { name, position, type_name: names[text] ?? text.replace(/[(<].*$/s, ''), type_text: text };
}

/** The names that the API uses where SQL has others. */
const names: Readonly<Record<string, string>> = { TINYINT: 'BYTE', SMALLINT: 'SHORT', BIGINT: 'LONG' };

const plain: Readonly<Record<string, string>> = {
  BOOLEAN: 'BOOLEAN',
  TINYINT: 'TINYINT',
  UTINYINT: 'SMALLINT',
  SMALLINT: 'SMALLINT',
  USMALLINT: 'INT',
  INTEGER: 'INT',
  UINTEGER: 'BIGINT',
  BIGINT: 'BIGINT',
  UBIGINT: 'DECIMAL(20,0)',
  HUGEINT: 'DECIMAL(38,0)',
  UHUGEINT: 'DECIMAL(38,0)',
  FLOAT: 'FLOAT',
  DOUBLE: 'DOUBLE',
  DATE: 'DATE',
  TIMESTAMP: 'TIMESTAMP_NTZ',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP',
  BLOB: 'BINARY',
  JSON: 'VARIANT',
};

function typeText(type: DuckType): string {
  const [first, second] = type.fields.map((field) => typeText(field.type));
  switch (type.name) {
    case 'DECIMAL':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'LIST':
      return `ARRAY<${first}>`;
    case 'MAP':
      return `MAP<${first}, ${second}>`;
    case 'STRUCT':
      return `STRUCT<${type.fields.map((field) => `${field.name}: ${typeText(field.type)}`).join(', ')}>`;
    default:
      return plain[type.name] ?? 'STRING';
  }
}

/** Rows of text (see `cellSql`) as a stream of Arrow, as the service writes a part of a result. */
export function arrowStream(
  columns: readonly { readonly name: string; readonly type: string }[],
  rows: readonly (readonly unknown[])[],
): Uint8Array {
  const data = columns.map(({ type }, index) =>
    columnOf(
      parseDuckType(type),
      rows.map((row) => row[index] ?? null),
    ),
  );
  const fields = columns.map(({ name }, index) => new Field(name, (data[index] as Data).type, true));
  const struct = makeData({ type: new Struct(fields), length: rows.length, children: data });
  const schema = new Schema(fields);
  return tableToIPC(new Table(schema, [new RecordBatch(schema, struct as never)]), 'stream');
}

/** SQL of a cell as `arrowStream` takes it: text whose digits are all there. */
export function cellSql(duck: string, column: string): string {
  switch (parseDuckType(duck).name) {
    case 'BLOB':
      return `hex(${column})`;
    case 'TIMESTAMP':
    case 'TIMESTAMP_NS':
    case 'TIMESTAMP WITH TIME ZONE':
      return `epoch_us(${column})::VARCHAR`;
    case 'DATE':
      return `(${column} - DATE '1970-01-01')::VARCHAR`;
    case 'JSON':
      return `${column}::VARCHAR`;
    case 'LIST':
    case 'STRUCT':
    case 'MAP':
      return column;
    default:
      return `${column}::VARCHAR`;
  }
}

function columnOf(type: DuckType, values: readonly unknown[]): Data {
  const nulls = { ...bitmapOf(values), length: values.length };
  const children = (of: readonly unknown[], index: number) =>
    columnOf((type.fields[index] as DuckType['fields'][number]).type, of);
  switch (type.name) {
    case 'LIST': {
      const { offsets, items } = flattened(values as (unknown[] | null)[]);
      const child = children(items, 0);
      return makeData({
        ...nulls,
        type: new List(new Field('element', child.type, true)),
        valueOffsets: offsets,
        child,
      }) as Data;
    }
    case 'MAP': {
      const { offsets, items } = flattened(values as ({ key: unknown; value: unknown }[] | null)[]);
      const entries = items as { key: unknown; value: unknown }[];
      const parts = [
        children(
          entries.map(({ key }) => key),
          0,
        ),
        children(
          entries.map(({ value }) => value),
          1,
        ),
      ];
      const fields = [
        new Field('key', (parts[0] as Data).type, false),
        new Field('value', (parts[1] as Data).type, true),
      ];
      const child = makeData({ type: new Struct(fields), length: entries.length, children: parts });
      return makeData({
        ...nulls,
        type: new Map_(new Field('entries', child.type, false) as never),
        valueOffsets: offsets,
        child: child as never,
      }) as Data;
    }
    case 'STRUCT': {
      const parts = type.fields.map(({ name }, index) =>
        children(
          values.map((value) => (value as Record<string, unknown> | null)?.[name] ?? null),
          index,
        ),
      );
      const fields = type.fields.map(({ name }, index) => new Field(name, (parts[index] as Data).type, true));
      return makeData({ ...nulls, type: new Struct(fields), children: parts }) as Data;
    }
    default:
      // Inside of documents DuckDB's numbers are numbers.
      return leafOf(
        type,
        values.map((value) => (value === null ? null : String(value))),
        nulls,
      );
  }
}

function leafOf(type: DuckType, values: readonly (string | null)[], nulls: object): Data {
  const numbers = () => values.map((value) => Number(value ?? 0));
  const big = () => values.map((value) => BigInt(value ?? 0));
  const made = (of: DataType, array: unknown) =>
    makeData({ ...nulls, type: of, data: array } as never) as Data;
  switch (typeText(type).replace(/\(.*/, '')) {
    case 'BOOLEAN':
      return made(new Bool(), bitsOf(values.map((value) => value === 'true')));
    case 'TINYINT':
      return made(new Int8(), Int8Array.from(numbers()));
    case 'SMALLINT':
      return made(new Int16(), Int16Array.from(numbers()));
    case 'INT':
      return made(new Int32(), Int32Array.from(numbers()));
    case 'BIGINT':
      return made(new Int64(), BigInt64Array.from(big()));
    case 'FLOAT':
      return made(new Float32(), Float32Array.from(values.map(floatOf)));
    case 'DOUBLE':
      return made(new Float64(), Float64Array.from(values.map(floatOf)));
    case 'DATE':
      return made(new DateDay(), Int32Array.from(numbers()));
    case 'TIMESTAMP':
      return made(new TimestampMicrosecond('Etc/UTC'), BigInt64Array.from(big()));
    case 'TIMESTAMP_NTZ':
      return made(new TimestampMicrosecond(), BigInt64Array.from(big()));
    case 'DECIMAL':
      return decimalOf(type, values, made);
    case 'BINARY':
      return variable(
        new Binary(),
        values.map((value) => Buffer.from(value ?? '', 'hex')),
        nulls,
      );
    default:
      return variable(
        new Utf8(),
        values.map((value) => Buffer.from(value ?? '')),
        nulls,
      );
  }
}

function decimalOf(
  type: DuckType,
  values: readonly (string | null)[],
  made: (of: DataType, array: unknown) => Data,
): Data {
  const [, precision = '38', scale = '0'] = /\((\d+),(\d+)\)/.exec(typeText(type)) ?? [];
  const words = new Uint32Array(values.length * 4);
  values.forEach((value, row) => {
    const [whole = '0', fraction = ''] = (value ?? '0').split('.');
    let rest = BigInt.asUintN(128, BigInt(whole + fraction.padEnd(Number(scale), '0')));
    for (let word = 0; word < 4; word += 1, rest >>= 32n) words[row * 4 + word] = Number(rest & 0xffff_ffffn);
  });
  return made(new Decimal(Number(scale), Number(precision), 128), words);
}

const floatOf = (value: string | null): number =>
  value === null ? 0 : Number(value.replace(/^([+-]?)inf(inity)?$/i, '$1Infinity').replace(/^nan$/i, 'NaN'));

function variable(type: DataType, values: readonly Buffer[], nulls: object): Data {
  const valueOffsets = new Int32Array(values.length + 1);
  values.forEach((value, row) => {
    valueOffsets[row + 1] = (valueOffsets[row] ?? 0) + value.length;
  });
  return makeData({ ...nulls, type, valueOffsets, data: Buffer.concat(values) } as never) as Data;
}

function flattened<Item>(values: readonly (readonly Item[] | null)[]): {
  offsets: Int32Array;
  items: Item[];
} {
  const offsets = new Int32Array(values.length + 1);
  const items: Item[] = [];
  values.forEach((value, row) => {
    items.push(...(value ?? []));
    offsets[row + 1] = items.length;
  });
  return { offsets, items };
}

function bitsOf(values: readonly boolean[]): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 64) * 8);
  values.forEach((value, row) => {
    if (value) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  });
  return bits;
}

function bitmapOf(values: readonly unknown[]): { nullBitmap: Uint8Array; nullCount: number } {
  return {
    nullBitmap: bitsOf(values.map((value) => value !== null && value !== undefined)),
    nullCount: values.filter((value) => value === null || value === undefined).length,
  };
}
