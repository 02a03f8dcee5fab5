import type { Column } from '@sluice/domain/column';
import type { PgSettings } from '../../../kit/pg-settings.ts';
import { plannerSchema } from '../../../kit/planner.ts';
import { type PlannerDialect, partOf } from '../../../kit/sql/planner/planner-engine.ts';
import { quoteIdentifier } from '../../../kit/sql-identifier.ts';

/** What an administrator runs to give the schema to `{user}`: the least that the planner works with. */
export const redshiftSchemaStatements = [
  `CREATE SCHEMA IF NOT EXISTS ${plannerSchema};`,
  `GRANT USAGE, CREATE ON SCHEMA ${plannerSchema} TO {user};`,
].join('\n');

/** https://docs.aws.amazon.com/redshift/latest/dg/SHA2.html (read 2026-11-22) */
const hash = (text: string): string => `SHA2(${text}, 256)`;

/** As long as a text of Redshift's may be without more ado, and its hexadecimal form. */
const textBytesMax = 65_535;
const bytesMax = 32_000;

/**
 * Text of a value, by our type; types that are missing here are read in Sluice. A SUPER is one of them, because no full join
 * may carry it. https://docs.aws.amazon.com/redshift/latest/dg/limitations-super.html (read 2026-11-22)
 */
function partText(name: string, { type, nativeType }: Column): string | null {
  switch (type) {
    case 'integer':
    case 'decimal':
    case 'date':
    case 'time':
    case 'timestamp':
      return `CAST(${name} AS VARCHAR(128))`;
    // The text alone may lack digits: how many are written is a setting that not every node has to follow.
    case 'float':
      return `CAST(${name} AS VARCHAR(128)) || '/' || CAST(FNV_HASH(${name}) AS VARCHAR(32))`;
    case 'boolean':
      return `CASE WHEN ${name} THEN 't' WHEN NOT ${name} THEN 'f' END`;
    case 'string':
      return /^(text|varchar|char)\b/.test(nativeType) ? name : null;
    default:
      return null;
  }
}

export const redshiftPlanner = ({ database, user }: PgSettings): PlannerDialect => ({
  table: (name) => `${plannerSchema}.${name}`,
  textType: `VARCHAR(${textBytesMax})`,
  hash,
  exact(name, { type, nativeType }) {
    if (type === 'integer') return `CAST(${name} AS VARCHAR(32))`;
    // A char has blanks at its end on the wire, and none in an expression.
    return /^(text|varchar)\b/.test(nativeType) ? name : null;
  },
  part(name, column) {
    const { nativeType } = column;
    // What is longer than a text may be cannot be hashed: such rows travel.
    if (nativeType === 'varbyte')
      return `CASE WHEN ${name} IS NULL THEN '-' WHEN OCTET_LENGTH(${name}) <= ${bytesMax} THEN ${hash(`FROM_VARBYTE(${name}, 'hex')`)} END`;
    const text = partText(name, column);
    return text === null ? null : partOf({ hash }, text);
  },
  // Who signs in by IAM alone is called by the database what its role is.
  grants: redshiftSchemaStatements.replace('{user}', () => quoteIdentifier(user || 'IAMR:…')),
  place: `the database ${database}`,
});
