import type { Column } from '@sluice/domain/column';
import { plannerSchema } from '../../../kit/planner.ts';
import { type PlannerDialect, partOf } from '../../../kit/sql/planner/planner-engine.ts';
import type { DatabricksSettings } from '../configuration.ts';
import { quoteDatabricks } from '../dialect.ts';

/** What an administrator runs to give the schema to the principal of the source: the least that the planner works with. */
export const databricksSchemaStatements = [
  `CREATE SCHEMA IF NOT EXISTS {catalog}.\`${plannerSchema}\`;`,
  '-- The principal of the source: the application ID of its service principal, or the address of its user.',
  `GRANT USE SCHEMA, CREATE TABLE ON SCHEMA {catalog}.\`${plannerSchema}\` TO \`…\`;`,
].join('\n');

/** https://docs.databricks.com/aws/en/sql/language-manual/functions/sha2 (read 2026-11-22) */
const hash = (text: string): string => `SHA2(${text}, 256)`;

/** Text of a value, by Databricks' name of its type; types that are missing here are read in Sluice. */
function partText(name: string, { nativeType }: Column): string | null {
  const type = nativeType.toUpperCase();
  if (/^(STRING|VARCHAR|CHAR)\b/.test(type)) return name;
  if (/^(BOOLEAN|TINYINT|SMALLINT|INT|BIGINT|DECIMAL|DATE|TIMESTAMP_NTZ)\b/.test(type))
    return `CAST(${name} AS STRING)`;
  // As text it would be in the zone of the session, which has an hour twice.
  if (type === 'TIMESTAMP') return `CAST(UNIX_MICROS(${name}) AS STRING)`;
  // Beside the text, whose digits are the engine's choice, a hash of the value itself.
  if (/^(FLOAT|DOUBLE)$/.test(type))
    return `CAST(${name} AS STRING) || '/' || CAST(XXHASH64(${name}) AS STRING)`;
  if (type === 'BINARY') return `HEX(${name})`;
  // As JSON, moments would lose their microseconds, and floats might lose digits.
  if (/^(ARRAY|STRUCT|MAP)</.test(type) && !/TIMESTAMP|INTERVAL|FLOAT|DOUBLE|VARIANT|BINARY|GEO/.test(type))
    return `TO_JSON(${name}, MAP('ignoreNullFields', 'false'))`;
  return null;
}

export const databricksPlanner = ({ catalog, credentials }: DatabricksSettings): PlannerDialect => {
  const at = [catalog, plannerSchema].map(quoteDatabricks).join('.');
  const to = credentials.kind === 'token' ? 'user@example.com' : credentials.clientId;
  return {
    table: (name) => `${at}.${quoteDatabricks(name)}`,
    textType: 'STRING',
    hash,
    exact(name, { type, nativeType }) {
      if (type === 'integer') return `CAST(${name} AS STRING)`;
      return /^(STRING|VARCHAR)\b/i.test(nativeType) ? name : null;
    },
    part(name, column) {
      const text = partText(name, column);
      return text === null ? null : partOf({ hash }, text);
    },
    grants: [
      `CREATE SCHEMA IF NOT EXISTS ${at};`,
      `GRANT USE SCHEMA, CREATE TABLE ON SCHEMA ${at} TO ${quoteDatabricks(to)};`,
    ].join('\n'),
    place: `the catalog ${catalog}`,
  };
};
