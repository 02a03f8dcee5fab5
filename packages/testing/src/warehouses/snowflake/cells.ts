/** Snowflake's name of a DuckDB type, as `rowtype` of an answer has it. */
export interface WireType {
  readonly type: string;
  readonly precision: number | null;
  readonly scale: number | null;
}

export function wireType(duck: string): WireType {
  const decimal = /^DECIMAL\((\d+),(\d+)\)/.exec(duck);
  if (decimal) return { type: 'fixed', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/.test(duck))
    return { type: 'fixed', precision: 38, scale: 0 };
  if (/\]$/.test(duck)) return plain('array');
  return plain(byName[duck.replace(/\(.*$/s, '')] ?? 'text');
}

const plain = (type: string): WireType => ({ type, precision: null, scale: type === 'time' ? 9 : null });

const byName: Record<string, string> = {
  DOUBLE: 'real',
  FLOAT: 'real',
  BOOLEAN: 'boolean',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp_ntz',
  'TIMESTAMP WITH TIME ZONE': 'timestamp_tz',
  BLOB: 'binary',
  JSON: 'variant',
  STRUCT: 'object',
  MAP: 'object',
};

/** SQL of a cell as it travels: everything is text, dates are days and times are seconds. */
export function wireCell(duck: string, column: string): string {
  const micros = `epoch_us(${column})`;
  // A decimal number of seconds: half a second before 1970 is -0.5.
  const stamp = `CASE WHEN ${micros} < 0 THEN '-' ELSE '' END || abs(${micros}) // 1000000 || '.' ||
    lpad((abs(${micros}) % 1000000)::VARCHAR, 6, '0') || '000'`;
  switch (wireType(duck).type) {
    case 'boolean':
      return `CASE ${column} WHEN true THEN '1' WHEN false THEN '0' END`;
    case 'date':
      return `(${column} - DATE '1970-01-01')::VARCHAR`;
    case 'time':
      return `epoch_us(${column})::BIGINT // 1000000 || '.' || lpad((epoch_us(${column})::BIGINT % 1000000)::VARCHAR, 6, '0') || '000'`;
    case 'timestamp_ntz':
      return stamp;
    case 'timestamp_tz':
      return `${stamp} || ' 1560'`;
    case 'binary':
      return `hex(${column})`;
    case 'real':
      return `CASE WHEN isnan(${column}) THEN 'NaN' WHEN isinf(${column}) THEN
        CASE WHEN ${column} > 0 THEN 'inf' ELSE '-inf' END ELSE ${column}::VARCHAR END`;
    case 'variant':
    case 'object':
    case 'array':
      return `to_json(${column})::VARCHAR`;
    default:
      return `${column}::VARCHAR`;
  }
}
