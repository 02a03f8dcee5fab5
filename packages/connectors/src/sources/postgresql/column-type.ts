import type { ColumnType } from '@sluice/domain/column';
import type { SpoolForm } from '../../kit/spool-form.ts';

/** A type as the server's catalogue describes it; domains are resolved to what they are made of. */
export interface PgType {
  /** As people know it: `numeric(10,2)`. */
  readonly label: string;
  /** `pg_type.typname` where the type is built in, an empty text otherwise. */
  readonly builtin: string;
  /** `pg_type.typtype`: b base, c composite, e enum, r range, m multirange, p pseudo. */
  readonly kind: string;
  /** `pg_type.typcategory`: A array, S string … */
  readonly category: string;
}

/** Our type of a column. */
export function columnType(type: PgType): ColumnType {
  return byName[type.builtin]?.type ?? byShape(type);
}

/** SQL that turns a column into its canonical text; see `kit/source.ts` for the forms. */
export function canonicalText(type: PgType, column: string, serverVersion: number): string {
  const known = byName[type.builtin];
  if (known) return known.text(column, serverVersion);
  return ['array', 'json'].includes(byShape(type)) ? `to_jsonb(${column})::text` : `${column}::text`;
}

/**
 * SQL for a column as it is spooled, and the form that it has then. To write canonical text of numbers and times costs the
 * server, which has one process for it, half as much again as to read the rows (2026-11-22).
 */
export function spooledText(
  type: PgType,
  column: string,
  serverVersion: number,
): { readonly sql: string; readonly form: SpoolForm } {
  const form = formOf[type.builtin];
  return form
    ? { sql: column, form }
    : { sql: canonicalText(type, column, serverVersion), form: 'canonical' };
}

function byShape({ kind, category }: PgType): ColumnType {
  if (category === 'A') return 'array';
  if (kind === 'c' || (kind === 'p' && category === 'P')) return 'json';
  if (kind === 'e' || kind === 'r' || kind === 'm' || category === 'S') return 'string';
  return 'unknown';
}

type Text = (column: string, serverVersion: number) => string;

const asIs: Text = (column) => `${column}::text`;
// trim_scale came with PostgreSQL 13.
const decimal: Text = (column, serverVersion) =>
  serverVersion >= 130_000
    ? `trim_scale(${column})::text`
    : `CASE WHEN ${column}::text LIKE '%.%' THEN rtrim(rtrim(${column}::text, '0'), '.') ELSE ${column}::text END`;
// Adding zero turns -0 into 0, which SQL holds to be the same number.
const float = (zero: string): Text => {
  return (column) => `(${column} + ${zero})::text`;
};
// Years before Christ keep PostgreSQL's own form, `0044-03-15 00:00:00 BC`; infinite ones stay `infinity`.
const timestamp = (column: string): string =>
  `CASE WHEN ${column} >= '0001-01-01' THEN replace(${column}::text, ' ', 'T') ELSE ${column}::text END`;
// Sessions are in UTC, so the text ends in +00: to cut it is four times faster than to ask for the time in UTC.
const timestampTz: Text = (column) => {
  const early = `CASE WHEN isfinite(${column}) THEN (${column} AT TIME ZONE 'UTC')::text || 'Z' ELSE ${column}::text END`;
  return `CASE WHEN ${column} >= '0001-01-01Z' THEN replace(replace(${column}::text, ' ', 'T'), '+00', 'Z') ELSE ${early} END`;
};
// jsonb has one form for equal documents, but cannot hold the character \u0000.
const json: Text = (column) =>
  `CASE WHEN position('\\u0000' IN ${column}::text) > 0 THEN ${column}::text ELSE ${column}::jsonb::text END`;

const byName: Record<string, { type: ColumnType; text: Text }> = {
  bool: { type: 'boolean', text: asIs },
  int2: { type: 'integer', text: asIs },
  int4: { type: 'integer', text: asIs },
  int8: { type: 'integer', text: asIs },
  oid: { type: 'integer', text: asIs },
  xid: { type: 'integer', text: asIs },
  xid8: { type: 'integer', text: asIs },
  numeric: { type: 'decimal', text: decimal },
  money: { type: 'decimal', text: (column, version) => decimal(`(${column})::numeric`, version) },
  float4: { type: 'float', text: float('0::real') },
  float8: { type: 'float', text: float('0::double precision') },
  date: { type: 'date', text: asIs },
  time: { type: 'time', text: asIs },
  timetz: { type: 'time', text: asIs },
  timestamp: { type: 'timestamp', text: timestamp },
  timestamptz: { type: 'timestamp', text: timestampTz },
  interval: { type: 'string', text: asIs },
  json: { type: 'json', text: json },
  jsonb: { type: 'json', text: asIs },
  bytea: { type: 'binary', text: (column) => `'\\x' || encode(${column}, 'hex')` },
  uuid: { type: 'string', text: asIs },
  inet: { type: 'string', text: asIs },
  cidr: { type: 'string', text: asIs },
  macaddr: { type: 'string', text: asIs },
  macaddr8: { type: 'string', text: asIs },
  xml: { type: 'string', text: asIs },
  bit: { type: 'string', text: asIs },
  varbit: { type: 'string', text: asIs },
  tsvector: { type: 'string', text: asIs },
  tsquery: { type: 'string', text: asIs },
  void: { type: 'unknown', text: asIs },
};

/** Types whose output function writes one of the forms; COPY calls it. A cast to text would be another step. */
const formOf: Readonly<Record<string, SpoolForm>> = {
  bool: 'boolean',
  int2: 'canonical',
  int4: 'canonical',
  int8: 'canonical',
  numeric: 'decimal',
  date: 'canonical',
  timestamp: 'timestamp',
  timestamptz: 'timestamp_utc',
  text: 'canonical',
  varchar: 'canonical',
  uuid: 'canonical',
  jsonb: 'canonical',
};
