import type { SqlDialect } from '../../kit/sql/engine.ts';

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

export const mysqlDialect: SqlDialect = {
  quote,
  table: (schema, table) => `${quote(schema)}.${quote(table)}`,
  limited: (statement, limit) => `SELECT * FROM (\n${statement}\n) AS sluice_model LIMIT ${limit}`,
  // Compared byte by byte: the usual collations hold 'a', 'A' and 'á' to be one key.
  text: (name) =>
    `CAST(CAST(${name} AS CHAR CHARACTER SET utf8mb4) AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin`,
};
