import type { SqlDialect } from '../../kit/sql/engine.ts';

/** Names in backticks; `\` and backticks are escaped as in strings. */
export const quoteBigQuery = (name: string): string =>
  `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;

/** https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical (read 2026-11-22) */
export const bigqueryDialect = (dataProject: string): SqlDialect => ({
  quote: quoteBigQuery,
  backslashes: true,
  table: (schema, table) => [dataProject, schema, table].map(quoteBigQuery).join('.'),
  limited: (statement, limit) => `SELECT * FROM (\n${statement}\n) AS sluice_model LIMIT ${limit}`,
  text(name, { type, nativeType }) {
    if (nativeType === 'GEOGRAPHY') return `ST_ASTEXT(${name})`;
    if (type === 'binary') return `TO_HEX(${name})`;
    if (type === 'json' || type === 'array') return `TO_JSON_STRING(${name})`;
    return `CAST(${name} AS STRING)`;
  },
});
