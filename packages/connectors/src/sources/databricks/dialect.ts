import type { SqlDialect } from '../../kit/sql/engine.ts';

/** https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-identifiers (read 2026-11-22) */
export const quoteDatabricks = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

export const databricksDialect = (catalog: string): SqlDialect => ({
  quote: quoteDatabricks,
  backslashes: true,
  table: (schema, table) => [catalog, schema, table].map(quoteDatabricks).join('.'),
  limited: (statement, limit) => `SELECT * FROM (\n${statement}\n) AS sluice_model LIMIT ${limit}`,
  text(name, { type }) {
    if (type === 'binary') return `HEX(${name})`;
    if (type === 'json' || type === 'array') return `TO_JSON(${name})`;
    return `CAST(${name} AS STRING)`;
  },
});
