import type { ColumnType } from '@sluice/domain/column';
import {
  binaryText,
  decimalText,
  epochMicrosText,
  floatText,
  jsonText,
  timestampText,
} from '../../kit/sql/canonical.ts';

/** A column of a result, or a field of a record, as the service describes it. */
export interface WireField {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: readonly WireField[];
  readonly rangeElementType?: { readonly type?: string };
}

/** A cell of a result: text, or more cells. */
export type WireCell =
  | string
  | null
  | readonly { readonly v: WireCell }[]
  | { readonly f: readonly { readonly v: WireCell }[] };

/** How a column reads: our type, BigQuery's name of it, and the canonical text of a cell that is not NULL. */
export interface CellReader {
  readonly type: ColumnType;
  readonly nativeType: string;
  read(cell: WireCell): string;
}

/** https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableFieldSchema (read 2026-11-22) */
export function cellReader(field: WireField): CellReader {
  const nativeType = nativeName(field);
  if (field.mode === 'REPEATED') return { type: 'array', nativeType, read: (cell) => document(field, cell) };
  const kind = kinds[field.type];
  if (kind === undefined) return { type: 'string', nativeType, read: (cell) => String(cell) };
  if (kind.type === 'json') return { type: 'json', nativeType, read: (cell) => document(field, cell) };
  return { type: kind.type, nativeType, read: (cell) => kind.read(String(cell), field) };
}

interface Kind {
  /** As people write it in SQL. */
  readonly name: string;
  readonly type: ColumnType;
  read(text: string, field: WireField): string;
}

const asIs = (text: string): string => text;
const kind = (name: string, type: ColumnType, read: Kind['read'] = asIs): Kind => ({ name, type, read });

const [integer, float, boolean, record] = [
  kind('INT64', 'integer'),
  kind('FLOAT64', 'float', floatOf),
  kind('BOOL', 'boolean'),
  kind('STRUCT', 'json'),
];

/** The service still uses the names of its older dialect. */
const kinds: Readonly<Record<string, Kind>> = {
  INTEGER: integer,
  INT64: integer,
  FLOAT: float,
  FLOAT64: float,
  BOOLEAN: boolean,
  BOOL: boolean,
  RECORD: record,
  STRUCT: record,
  NUMERIC: kind('NUMERIC', 'decimal', decimalText),
  BIGNUMERIC: kind('BIGNUMERIC', 'decimal', decimalText),
  STRING: kind('STRING', 'string'),
  BYTES: kind('BYTES', 'binary', (text) => binaryText(Buffer.from(text, 'base64'))),
  DATE: kind('DATE', 'date'),
  TIME: kind('TIME', 'time', shortFraction),
  DATETIME: kind('DATETIME', 'timestamp', (text) => timestampText(text, '')),
  TIMESTAMP: kind('TIMESTAMP', 'timestamp', momentText),
  JSON: kind('JSON', 'json'),
  GEOGRAPHY: kind('GEOGRAPHY', 'string'),
  INTERVAL: kind('INTERVAL', 'string'),
  RANGE: kind('RANGE', 'string', rangeText),
};

function nativeName(field: WireField): string {
  const name = kinds[field.type]?.name ?? field.type;
  const whole =
    name === 'STRUCT'
      ? `STRUCT<${(field.fields ?? []).map((inner) => `${inner.name} ${nativeName(inner)}`).join(', ')}>`
      : name === 'RANGE'
        ? `RANGE<${field.rangeElementType?.type ?? ''}>`
        : name;
  return field.mode === 'REPEATED' ? `ARRAY<${whole}>` : whole;
}

function floatOf(text: string): string {
  const word = /^([+-]?)inf/i.exec(text);
  if (word) return word[1] === '-' ? '-Infinity' : 'Infinity';
  return floatText(Number(text));
}

function shortFraction(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Microseconds since 1970, which is what we ask for. */
function momentText(text: string): string {
  return epochMicrosText(BigInt(text));
}

/** `[2026-01-01, UNBOUNDED)`; moments as moments are written elsewhere. */
function rangeText(text: string, { rangeElementType }: WireField): string {
  const element = kinds[rangeElementType?.type ?? ''];
  const bound = /^\[(.*), (.*)\)$/.exec(text);
  if (!element || !bound) return text;
  const read = (part = ''): string => {
    if (/^(UNBOUNDED|NULL)$/i.test(part)) return 'UNBOUNDED';
    return element.name === 'TIMESTAMP' && !/^-?\d+$/.test(part)
      ? timestampText(part.replace(/([+-]00(:00)?|Z)$/, ''), 'Z')
      : element.read(part, { name: '', type: element.name });
  };
  return `[${read(bound[1])}, ${read(bound[2])})`;
}

const document = (field: WireField, cell: WireCell): string => jsonText(jsonOf(field, cell));

/** JSON of a cell; numbers keep all their digits. */
function jsonOf(field: WireField, cell: WireCell): string {
  if (cell === null) return 'null';
  if (field.mode === 'REPEATED') {
    const one = { ...field, mode: 'NULLABLE' };
    return `[${(cell as readonly { v: WireCell }[]).map(({ v }) => jsonOf(one, v)).join(',')}]`;
  }
  const { type, read } = kinds[field.type] ?? kind('', 'string');
  if (type === 'json') {
    if (typeof cell === 'string') return cell;
    const { f } = cell as { f: readonly { v: WireCell }[] };
    const inner = (field.fields ?? []).map(
      (one, index) => `${JSON.stringify(one.name)}:${jsonOf(one, f[index]?.v ?? null)}`,
    );
    return `{${inner.join(',')}}`;
  }
  const text = read(String(cell), field);
  const bare =
    type === 'integer' || type === 'decimal' || type === 'boolean' || (type === 'float' && /\d/.test(text));
  return bare ? text : JSON.stringify(text);
}
