/**
 * How a column of a spool is written: as canonical text (`kit/source.ts`), or in a form that a source gives without work
 * and from which the engine makes canonical text on both of its cores.
 */
export type SpoolForm =
  | 'canonical'
  /** Plain digits, which may end in zeros behind the point. */
  | 'decimal'
  /** `t` or `f`. */
  | 'boolean'
  /** `YYYY-MM-DD HH:MM:SS[.ffffff]`; what ISO 8601 cannot say is canonical. */
  | 'timestamp'
  /** The same with `+00` behind it, and ` BC` behind that in the years before Christ. */
  | 'timestamp_utc';

/** DuckDB's SQL for the canonical text of a column (an SQL expression) in a form. */
export function canonicalSql(form: SpoolForm, column: string): string {
  return byForm[form](column);
}

const byForm: Record<SpoolForm, (column: string) => string> = {
  canonical: (column) => column,
  decimal: (column) =>
    `CASE WHEN suffix(${column}, '0') AND contains(${column}, '.') THEN rtrim(rtrim(${column}, '0'), '.') ELSE ${column} END`,
  boolean: (column) => `CASE ${column} WHEN 't' THEN 'true' WHEN 'f' THEN 'false' END`,
  timestamp: (column) =>
    `CASE WHEN suffix(${column}, 'BC') THEN ${column} ELSE replace(${column}, ' ', 'T') END`,
  // Years of four digits are cut at places that are known, which takes a third of the time.
  timestamp_utc: (column) => `CASE
    WHEN suffix(${column}, '+00') AND substring(${column}, 11, 1) = ' '
      THEN concat(substring(${column}, 1, 10), 'T', substring(${column}, 12, strlen(${column}) - 14), 'Z')
    WHEN suffix(${column}, '+00 BC') THEN replace(${column}, '+00 BC', ' BCZ')
    ELSE replace(replace(${column}, ' ', 'T'), '+00', 'Z') END`,
};
