import type { SqlDialect } from '../../kit/sql/engine.ts';
import { quoteIdentifier } from '../../kit/sql-identifier.ts';

export const redshiftDialect: SqlDialect = {
  quote: quoteIdentifier,
  table: (schema, table) => `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`,
  limited: (statement, limit) => `SELECT * FROM (\n${statement}\n) AS sluice_model LIMIT ${limit}`,
  text(name, { type, nativeType }) {
    if (type === 'boolean') return `CASE WHEN ${name} THEN 'true' WHEN NOT ${name} THEN 'false' END`;
    if (nativeType === 'super') return `JSON_SERIALIZE(${name})`;
    if (nativeType === 'varbyte') return `FROM_VARBYTE(${name}, 'hex')`;
    // Without a length, text would be cut off after 256 bytes.
    return `CAST(${name} AS VARCHAR(65535))`;
  },
};
