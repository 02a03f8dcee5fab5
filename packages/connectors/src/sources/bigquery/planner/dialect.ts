import type { Column } from '@sluice/domain/column';
import { plannerSchema } from '../../../kit/planner.ts';
import { type PlannerDialect, partOf } from '../../../kit/sql/planner/planner-engine.ts';
import type { BigQuerySettings } from '../configuration.ts';
import { quoteBigQuery } from '../dialect.ts';

/** What an administrator runs to give the dataset to the account of the source: the least that the planner works with. */
export const bigquerySchemaStatements = [
  '-- Where the datasets are that are read: add OPTIONS (location = "…") if that is not the default.',
  `CREATE SCHEMA IF NOT EXISTS {project}.\`${plannerSchema}\`;`,
  '-- The account of the source: "serviceAccount:…", or "user:…".',
  `GRANT \`roles/bigquery.dataEditor\` ON SCHEMA {project}.\`${plannerSchema}\` TO "…";`,
].join('\n');

/** https://cloud.google.com/bigquery/docs/reference/standard-sql/hash_functions#sha256 (read 2026-11-22) */
const hash = (text: string): string => `TO_HEX(SHA256(${text}))`;

/** Text of a value, by BigQuery's name of its type; types that are missing here are read in Sluice. */
function partText(name: string, { nativeType }: Column): string | null {
  switch (nativeType) {
    case 'STRING':
      return name;
    case 'INT64':
    case 'NUMERIC':
    case 'BIGNUMERIC':
    case 'BOOL':
    case 'DATE':
    case 'TIME':
    case 'DATETIME':
      return `CAST(${name} AS STRING)`;
    case 'TIMESTAMP':
      return `CAST(UNIX_MICROS(${name}) AS STRING)`;
    // Seventeen digits tell any two doubles apart.
    case 'FLOAT64':
      return `FORMAT('%.17g', ${name})`;
    case 'BYTES':
      return `TO_HEX(${name})`;
    default:
      break;
  }
  // JSON of NULL is the text null. Floats and types of no JSON inside of others are not told apart for certain.
  const nested = /^(ARRAY|STRUCT)</.test(nativeType) && !/FLOAT64|GEOGRAPHY|RANGE|INTERVAL/.test(nativeType);
  return nativeType === 'JSON' || nested
    ? `CASE WHEN ${name} IS NULL THEN NULL ELSE TO_JSON_STRING(${name}) END`
    : null;
}

/** The planner's dataset is in the project that pays for queries: that of the data may be somebody else's. */
export const bigqueryPlanner = ({ project, credentials }: BigQuerySettings): PlannerDialect => {
  const at = [project, plannerSchema].map(quoteBigQuery).join('.');
  const member =
    credentials.kind === 'service_account' ? `serviceAccount:${credentials.key.email}` : 'user:…@…';
  return {
    table: (name) => `${at}.${quoteBigQuery(name)}`,
    textType: 'STRING',
    hash,
    exact(name, { nativeType }) {
      if (nativeType === 'INT64') return `CAST(${name} AS STRING)`;
      return nativeType === 'STRING' ? name : null;
    },
    part(name, column) {
      const text = partText(name, column);
      return text === null ? null : partOf({ hash }, text);
    },
    grants: [
      `CREATE SCHEMA IF NOT EXISTS ${at};`,
      `GRANT \`roles/bigquery.dataEditor\` ON SCHEMA ${at} TO "${member}";`,
    ].join('\n'),
    place: `the project ${project}`,
  };
};
