import type { Column } from '@sluice/domain/column';
import { plannerSchema } from '../../../kit/planner.ts';
import { type PlannerDialect, partOf } from '../../../kit/sql/planner/planner-engine.ts';
import { quoteIdentifier } from '../../../kit/sql-identifier.ts';
import type { SnowflakeSettings } from '../configuration.ts';

const space = plannerSchema.toUpperCase();

/** What an administrator runs to give the schema to the role of the source: the least that the planner works with. */
export const snowflakeSchemaStatements = [
  `CREATE SCHEMA IF NOT EXISTS {database}.${space};`,
  '-- The role of the source, where it is another one:',
  `GRANT USAGE, CREATE TABLE ON SCHEMA {database}.${space} TO ROLE SLUICE_READER;`,
].join('\n');

/** https://docs.snowflake.com/en/sql-reference/functions/sha2 (read 2026-11-22) */
const hash = (text: string): string => `SHA2(${text}, 256)`;

/**
 * Snowflake's own hash of a value beside its text, where the text may leave digits out.
 * https://docs.snowflake.com/en/sql-reference/functions/hash (read 2026-11-22)
 */
const withHash = (text: string, name: string): string => `${text} || '/' || CAST(HASH(${name}) AS VARCHAR)`;

/** Text of a value, by Snowflake's name of its type; types that are missing here are read in Sluice. */
function partText(name: string, { nativeType }: Column): string | null {
  if (nativeType.startsWith('number(')) return `CAST(${name} AS VARCHAR)`;
  switch (nativeType) {
    case 'text':
      return name;
    // In the formats that the session was told, with all digits and the zone.
    case 'boolean':
    case 'date':
    case 'time':
    case 'timestamp_ntz':
    case 'timestamp_ltz':
    case 'timestamp_tz':
      return `CAST(${name} AS VARCHAR)`;
    case 'float':
      return withHash(`CAST(${name} AS VARCHAR)`, name);
    case 'binary':
      return `HEX_ENCODE(${name})`;
    case 'variant':
    case 'object':
    case 'array':
      return withHash(`TO_JSON(TO_VARIANT(${name}))`, name);
    default:
      return null;
  }
}

export const snowflakePlanner = ({ database, role }: SnowflakeSettings): PlannerDialect => {
  const at = quoteIdentifier(database);
  const to = role === null ? 'SLUICE_READER' : quoteIdentifier(role.toUpperCase());
  return {
    table: (name) => `${at}.${space}.${name}`,
    textType: 'VARCHAR',
    hash,
    exact(name, { type, nativeType }) {
      if (nativeType === 'text') return name;
      return type === 'integer' ? `CAST(${name} AS VARCHAR)` : null;
    },
    part(name, column) {
      const text = partText(name, column);
      return text === null ? null : partOf({ hash }, text);
    },
    grants: [
      `CREATE SCHEMA IF NOT EXISTS ${at}.${space};`,
      `GRANT USAGE, CREATE TABLE ON SCHEMA ${at}.${space} TO ROLE ${to};`,
    ].join('\n'),
    place: `the database ${database}`,
  };
};
