import type { ColumnType } from '@sluice/domain/column';
import { decimalText, floatText, jsonText, timestampText } from '../../kit/sql/canonical.ts';
import { momentBytes, numberBytes, textBytes, viaText, type WriteCell } from '../../kit/sql/cell-bytes.ts';
import { inQuotes, quotedText } from './json-bytes.ts';
import { stringOf } from './json-cells.ts';

/** How a column of a result reads: our type, and the canonical text of a cell that is not NULL. */
export interface CellReader {
  readonly type: ColumnType;
  read(cell: string): string;
  /** Writes what `read` says of the JSON text in a body. */
  readonly write: WriteCell;
  /** Whether a JSON string is written as what it says. */
  readonly isText: boolean;
}

/** The reader of cells that are written by way of `read`, or as `quick` says where that is faster. */
function reader(
  type: ColumnType,
  read: CellReader['read'],
  quick?: (byRead: WriteCell) => WriteCell,
): CellReader {
  const byRead = viaText((source, from, to) => read(source.toString('utf8', from, to)));
  return { type, read, write: quick?.(byRead) ?? byRead, isText: quick === quotedText };
}
const asIs = (cell: string): string => cell;
/** Text in quotes, and also what has none: a number of a column of any type. */
const textOf = (cell: string): string => (cell.startsWith('"') ? stringOf(cell) : cell);

const unquoted = (): WriteCell => textBytes;
/** Digits that a double always gives back. */
const doubleDigits = 15;

const string = reader('string', textOf, quotedText);
const json = reader('json', jsonText);
const float = reader('float', numberText, (byRead) => numberBytes(byRead, doubleDigits));
const integer = reader('integer', asIs, unquoted);

/** `2026-02-28T01:02:03.500000Z`, as ClickHouse writes moments in its ISO form. */
const instant = reader(
  'timestamp',
  (cell) => timestampText(textOf(cell).replace(/Z$/, ''), 'Z'),
  (byRead) => inQuotes(momentBytes('Z', 'Z', byRead), byRead),
);

/** https://clickhouse.com/docs/sql-reference/data-types (read 2026-11-22) */
const byName: Readonly<Record<string, CellReader>> = {
  Bool: reader('boolean', asIs, unquoted),
  Float32: float,
  Float64: float,
  BFloat16: float,
  Decimal: reader('decimal', (cell) => decimalText(textOf(cell)), numberBytes),
  Date: reader('date', textOf, quotedText),
  Date32: reader('date', textOf, quotedText),
  DateTime: instant,
  DateTime32: instant,
  DateTime64: instant,
  Time: reader('time', timeText),
  Time64: reader('time', timeText),
  Array: reader('array', jsonText),
  QBit: reader('array', jsonText),
  Map: json,
  Tuple: json,
  Nested: json,
  JSON: json,
  Object: json,
  Variant: json,
  Dynamic: json,
  Point: json,
  Ring: json,
  LineString: json,
  MultiLineString: json,
  Polygon: json,
  MultiPolygon: json,
  Nothing: reader('unknown', textOf),
};

/** The reader of a column, by the name of its type: `LowCardinality(Nullable(String))`. */
export function cellReader(nativeType: string): CellReader {
  const [, wrapper, inner] =
    /^(Nullable|LowCardinality|SimpleAggregateFunction)\((.*)\)$/s.exec(nativeType) ?? [];
  if (wrapper === 'SimpleAggregateFunction') return cellReader((inner ?? '').replace(/^[^,]*,\s*/, ''));
  if (inner !== undefined) return cellReader(inner);
  const name = nativeType.replace(/\(.*$/s, '');
  if (/^(U?Int\d+|Interval\w+)$/.test(name)) return integer;
  return byName[name.replace(/^Decimal\d+$/, 'Decimal')] ?? string;
}

function numberText(cell: string): string {
  const text = textOf(cell);
  if (text === 'inf' || text === '+inf') return 'Infinity';
  if (text === '-inf') return '-Infinity';
  return floatText(text === 'nan' || text === '-nan' ? Number.NaN : Number(text));
}

function timeText(cell: string): string {
  const text = textOf(cell);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
