import { parseDuckType } from '../duck-type.ts';

const names: Readonly<Record<string, string>> = {
  TINYINT: 'Int8',
  SMALLINT: 'Int16',
  INTEGER: 'Int32',
  BIGINT: 'Int64',
  HUGEINT: 'Int128',
  UTINYINT: 'UInt8',
  USMALLINT: 'UInt16',
  UINTEGER: 'UInt32',
  UBIGINT: 'UInt64',
  UHUGEINT: 'UInt128',
  FLOAT: 'Float32',
  DOUBLE: 'Float64',
  BOOLEAN: 'Bool',
  DATE: 'Date32',
  TIME: 'Time64(6)',
  'TIMESTAMP WITH TIME ZONE': "DateTime64(6, 'UTC')",
  JSON: 'JSON',
  STRUCT: 'JSON',
  MAP: 'JSON',
};

/** ClickHouse's name of a DuckDB type. */
export function wireType(duck: string): string {
  const type = parseDuckType(duck);
  const item = type.fields[0];
  if (type.name === 'LIST' && item)
    return `Array(${item.type.name === 'LIST' ? 'Array(Int64)' : (names[item.type.name] ?? 'String')})`;
  const name =
    type.name === 'DECIMAL' ? `Decimal(${type.precision}, ${type.scale})` : (names[type.name] ?? 'String');
  return name === 'JSON' ? name : `Nullable(${name})`;
}

/** SQL that makes the JSON text of a cell. */
export function wireCell(duck: string, column: string): string {
  const text = `${column}::VARCHAR`;
  const quoted = (words: string) => `to_json(${words})::VARCHAR`;
  switch (wireType(duck).replace(/^Nullable\((.*)\)$/, '$1')) {
    case 'Float32':
    case 'Float64':
      return `CASE WHEN isnan(${column}) THEN '"nan"' WHEN isinf(${column}) THEN
        CASE WHEN ${column} > 0 THEN '"inf"' ELSE '"-inf"' END ELSE ${text} END`;
    case "DateTime64(6, 'UTC')":
      return quoted(`strftime(${column}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%fZ')`);
    case 'String':
    case 'Date32':
    case 'Time64(6)':
      return quoted(text);
    default:
      return /^(Array|JSON)/.test(wireType(duck)) ? `to_json(${column})::VARCHAR` : text;
  }
}
