import type { SqlDialect } from '../../kit/sql/engine.ts';

/** https://clickhouse.com/docs/sql-reference/syntax#identifiers (read 2026-11-22) */
export const quoteClickHouse = (name: string): string =>
  `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;

export const clickHouseDialect: SqlDialect = {
  quote: quoteClickHouse,
  table: (schema, table) => `${quoteClickHouse(schema)}.${quoteClickHouse(table)}`,
  limited: (statement, limit) => `SELECT * FROM (\n${statement}\n) AS sluice_model LIMIT ${limit}`,
  text: (name) => `toString(${name})`,
  backslashes: true,
};
