import type { SqlDialect } from '../../kit/sql/engine.ts';
import { quoteIdentifier } from '../../kit/sql-identifier.ts';

export const sqliteDialect: SqlDialect = {
  quote: quoteIdentifier,
  table: (schema, table) => `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`,
  limited: (statement, limit) => `SELECT * FROM (\n${statement}\n) AS sluice_model LIMIT ${limit}`,
  // As text alone, SQLite would write numbers with 15 digits; and a column may say that upper and lower case are equal.
  text: (name) =>
    `CASE typeof(${name}) WHEN 'blob' THEN '\\x' || lower(hex(${name})) WHEN 'real' THEN printf('%!.17g', ${name}) ELSE '' || ${name} END`,
};
