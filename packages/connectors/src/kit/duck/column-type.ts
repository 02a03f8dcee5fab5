import type { ColumnType } from '@sluice/domain/column';

/** Our type of a DuckDB type, by its SQL name such as `DECIMAL(12,2)`. */
export function columnType(nativeType: string): ColumnType {
  if (/\]$/.test(nativeType)) return 'array';
  return byName[nativeType.replace(/[( ].*$/s, '')] ?? 'unknown';
}

/** SQL that turns a column into its canonical text; see `kit/source.ts` for the forms. */
export function canonicalText(nativeType: string, column: string): string {
  const text = `${column}::VARCHAR`;
  switch (columnType(nativeType)) {
    case 'decimal':
      return `CASE WHEN contains(${text}, '.') THEN rtrim(rtrim(${text}, '0'), '.') ELSE ${text} END`;
    case 'float':
      // Adding zero turns -0 into 0.
      return `CASE WHEN isnan(${column}) THEN 'NaN' WHEN isinf(${column}) THEN
        CASE WHEN ${column} > 0 THEN 'Infinity' ELSE '-Infinity' END
        ELSE regexp_replace((${column} + 0)::VARCHAR, '\\.0$', '') END`;
    case 'timestamp':
      return nativeType.includes('WITH TIME ZONE')
        ? `replace(make_timestamp(epoch_us(${column}))::VARCHAR, ' ', 'T') || 'Z'`
        : `replace(${text}, ' ', 'T')`;
    case 'binary':
      return `'\\x' || lower(hex(${column}))`;
    case 'array':
      return `to_json(${column})::VARCHAR`;
    case 'json':
      return nativeType === 'JSON' ? text : `to_json(${column})::VARCHAR`;
    default:
      return text;
  }
}

const byName: Record<string, ColumnType> = {
  BOOLEAN: 'boolean',
  TINYINT: 'integer',
  SMALLINT: 'integer',
  INTEGER: 'integer',
  BIGINT: 'integer',
  HUGEINT: 'integer',
  UTINYINT: 'integer',
  USMALLINT: 'integer',
  UINTEGER: 'integer',
  UBIGINT: 'integer',
  UHUGEINT: 'integer',
  DECIMAL: 'decimal',
  FLOAT: 'float',
  DOUBLE: 'float',
  VARCHAR: 'string',
  UUID: 'string',
  ENUM: 'string',
  INTERVAL: 'string',
  BIT: 'string',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  BLOB: 'binary',
  JSON: 'json',
  STRUCT: 'json',
  MAP: 'json',
  UNION: 'json',
};
