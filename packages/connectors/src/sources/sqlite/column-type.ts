import type { Column, ColumnType } from '@sluice/domain/column';
import { binaryText, decimalText, floatText, jsonText, timestampText } from '../../kit/sql/canonical.ts';

/** A value as `node:sqlite` hands it over. */
export type SqliteValue = null | bigint | number | string | Uint8Array;

/** A column, and how the canonical text of its values is made. */
export interface CellReader extends Column {
  read(value: Exclude<SqliteValue, null>): string;
}

/**
 * SQLite lets every value have a type of its own. A column has the type that it was declared with; a computed one has what
 * its first values are. A value that is something else keeps its own text.
 */
export function cellReaders(
  columns: readonly { readonly name: string; readonly type: string | null }[],
  sample: readonly (readonly SqliteValue[])[],
): CellReader[] {
  return columns.map(({ name, type: declared }, index) => {
    const said = declared?.trim() ?? '';
    const { type, nativeType } =
      said === ''
        ? seenType(sample.map((row) => row[index] ?? null))
        : { type: declaredType(said), nativeType: said.toLowerCase() };
    return { name, type, nativeType, read: (value) => cellText(type, value) };
  });
}

const names: readonly (readonly [RegExp, ColumnType])[] = [
  [/^bool/, 'boolean'],
  [/^(date ?time|timestamp)/, 'timestamp'],
  [/^date/, 'date'],
  [/^time/, 'time'],
  [/^jsonb?$/, 'json'],
  // From here on as SQLite itself decides. https://sqlite.org/datatype3.html#determination_of_column_affinity (read 2026-11-22)
  [/int/, 'integer'],
  [/char|clob|text/, 'string'],
  [/blob/, 'binary'],
  [/real|floa|doub/, 'float'],
  [/num|dec/, 'decimal'],
];

const declaredType = (declared: string): ColumnType =>
  names.find(([pattern]) => pattern.test(declared.toLowerCase()))?.[1] ?? 'unknown';

type Seen = Pick<Column, 'type' | 'nativeType'>;

const kinds: Readonly<Record<string, Seen>> = {
  bigint: { type: 'integer', nativeType: 'integer' },
  number: { type: 'float', nativeType: 'real' },
  'bigint number': { type: 'float', nativeType: 'real' },
  string: { type: 'string', nativeType: 'text' },
  object: { type: 'binary', nativeType: 'blob' },
};

function seenType(values: readonly SqliteValue[]): Seen {
  const seen = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  return kinds[[...seen].sort().join(' ')] ?? { type: 'unknown', nativeType: 'any' };
}

function cellText(type: ColumnType, value: Exclude<SqliteValue, null>): string {
  if (typeof value === 'string') {
    if (type === 'timestamp') return momentText(value);
    return type === 'json' ? documentText(value) : value;
  }
  if (typeof value === 'bigint') {
    if (type === 'boolean' && (value === 0n || value === 1n)) return value === 1n ? 'true' : 'false';
    return String(value);
  }
  if (typeof value === 'number')
    return type === 'decimal' && Number.isFinite(value) ? decimalText(String(value)) : floatText(value);
  return binaryText(value);
}

/** SQLite has text for moments; only what is one in its usual form gets ours. https://sqlite.org/lang_datefunc.html (read 2026-11-22) */
function momentText(text: string): string {
  const [, plain, zone = ''] = usualMoment.exec(text) ?? [];
  return plain === undefined ? text : timestampText(plain, zone === '' ? '' : 'Z');
}

const usualMoment = /^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]00:00)?$/;

function documentText(text: string): string {
  try {
    return jsonText(text);
  } catch {
    return text;
  }
}
