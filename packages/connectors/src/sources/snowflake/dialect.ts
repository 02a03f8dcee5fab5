import type { SqlDialect } from '../../kit/sql/engine.ts';
import { quoteIdentifier } from '../../kit/sql-identifier.ts';

export const snowflakeDialect: SqlDialect = {
  quote: quoteIdentifier,
  table: (schema, table) => `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`,
  limited: (statement, limit) => `SELECT * FROM (\n${statement}\n) AS sluice_model LIMIT ${limit}`,
  text: (name) => `CAST(${name} AS VARCHAR)`,
  backslashes: true,
};
