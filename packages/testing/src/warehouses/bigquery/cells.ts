import { type DuckType, parseDuckType } from '../duck-type.ts';

/** A column as the REST API describes it. */
export interface WireField {
  readonly name: string;
  readonly type: string;
  readonly mode: 'NULLABLE' | 'REPEATED';
  readonly fields?: readonly WireField[];
  readonly rangeElementType?: { readonly type: string };
}

const names: Readonly<Record<string, string>> = {
  FLOAT: 'FLOAT',
  DOUBLE: 'FLOAT',
  BOOLEAN: 'BOOLEAN',
  BLOB: 'BYTES',
  DATE: 'DATE',
  TIME: 'TIME',
  TIMESTAMP: 'DATETIME',
  TIMESTAMP_S: 'DATETIME',
  TIMESTAMP_MS: 'DATETIME',
  TIMESTAMP_NS: 'DATETIME',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP',
  JSON: 'JSON',
  STRUCT: 'RECORD',
  HUGEINT: 'BIGNUMERIC',
  UHUGEINT: 'BIGNUMERIC',
};

export const wireField = (name: string, duck: string): WireField => fieldOf(name, parseDuckType(duck));

function fieldOf(name: string, type: DuckType): WireField {
  const item = type.fields[0];
  if (type.name === 'LIST' && item) return { ...fieldOf(name, item.type), mode: 'REPEATED' };
  const foreign = foreignOf(type);
  if (foreign?.startsWith('RANGE_'))
    return {
      name,
      type: 'RANGE',
      mode: 'NULLABLE',
      rangeElementType: { type: foreign.slice('RANGE_'.length) },
    };
  if (foreign !== null) return { name, type: foreign, mode: 'NULLABLE' };
  return {
    name,
    type: nameOf(type),
    mode: 'NULLABLE',
    ...(type.name === 'STRUCT' && { fields: type.fields.map((one) => fieldOf(one.name, one.type)) }),
  };
}

/** A type that DuckDB does not have (`statements.ts`). */
const foreignOf = ({ name, fields: [only] }: DuckType): string | null =>
  name === 'STRUCT' && only?.name.startsWith('__') ? only.name.slice(2) : null;

function nameOf({ name, precision, scale }: DuckType): string {
  if (name === 'DECIMAL') return precision - scale <= 29 && scale <= 9 ? 'NUMERIC' : 'BIGNUMERIC';
  return /INT(EGER)?$/.test(name) && !name.endsWith('HUGEINT') ? 'INTEGER' : (names[name] ?? 'STRING');
}

/** A value as DuckDB's JSON has it, as a cell of an answer. */
export function wireCell(value: unknown, duck: string): unknown {
  return cellOf(value, parseDuckType(duck));
}

function cellOf(value: unknown, type: DuckType): unknown {
  const item = type.fields[0];
  // A repeated field is never NULL on the wire.
  if (type.name === 'LIST' && item)
    return ((value ?? []) as unknown[]).map((one) => ({ v: cellOf(one, item.type) }));
  if (value === null || value === undefined) return null;
  if (foreignOf(type) !== null) return Object.values(value as object)[0];
  if (type.name === 'STRUCT') {
    const inner = value as Record<string, unknown>;
    return { f: type.fields.map((one) => ({ v: cellOf(inner[one.name], one.type) })) };
  }
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  switch (names[type.name]) {
    case 'BYTES':
      return bytesOf(text).toString('base64');
    case 'DATETIME':
      return text.replace(' ', 'T');
    case 'TIMESTAMP':
      return String(microsOf(text));
    default:
      return text;
  }
}

/** `a\x00` → the bytes 61 00. */
function bytesOf(text: string): Buffer {
  const parts = [...text.matchAll(/\\x([0-9A-F]{2})|([\s\S])/gi)];
  return Buffer.from(
    parts.map(([, hex, plain = '']) => (hex ? Number.parseInt(hex, 16) : plain.charCodeAt(0))),
  );
}

/** `2026-02-28 01:02:03.000001+00` → microseconds since 1970. */
function microsOf(text: string): bigint {
  const [, date, clock, fraction = '', zone = '+00'] =
    /^(\S+) ([\d:]+)(?:\.(\d+))?([+-].*)?$/.exec(text) ?? [];
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone;
  const seconds = BigInt(Date.parse(`${date}T${clock}${offset}`)) * 1_000n;
  return seconds + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}
