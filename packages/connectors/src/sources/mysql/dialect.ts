import type { SqlDialect } from '../../kit/sql/engine.ts';

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

export const mysqlDialect: SqlDialect = {
  quote,
  table: (schema, table) => `${quote(schema)}.${quote(table)}`,
  limited: (statement, limit) => `SELECT * FROM (\n${statement}\n) AS sluice_model LIMIT ${limit}`,
  // Compared byte by byte: collations hold 'a', 'A', 'á', and most of them 'a ' as well, to be one key.
  text: (name) => `CAST(CAST(${name} AS CHAR CHARACTER SET utf8mb4) AS BINARY)`,
  shown: (text) => `CONVERT(${text} USING utf8mb4)`,
  backslashes: true,
};
