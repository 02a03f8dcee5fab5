import { statementsFor } from '@sluice/domain/field';
import { expect, test } from 'vitest';
import { bigquerySource } from '../../../../sources/bigquery/definition.ts';
import { databricksSource } from '../../../../sources/databricks/definition.ts';
import { redshiftSource } from '../../../../sources/redshift/definition.ts';
import { snowflakeSource } from '../../../../sources/snowflake/definition.ts';
import type { SourceDefinition } from '../../../source.ts';

/** What the form of a source shows beside the choice, with these values in it. */
function shown({ fields }: SourceDefinition, values: Record<string, unknown>): string | null {
  const option = fields
    .find(({ name }) => name === 'planner')
    ?.options?.find(({ value }) => value === 'warehouse');
  if (!option) throw new Error('no such choice');
  return statementsFor(option, values);
}

test.each([
  [
    redshiftSource,
    { user: 'reader' },
    [
      'CREATE SCHEMA IF NOT EXISTS sluice_planner;',
      'GRANT USAGE, CREATE ON SCHEMA sluice_planner TO "reader";',
    ],
  ],
  [
    snowflakeSource,
    { database: 'ANALYTICS' },
    [
      'CREATE SCHEMA IF NOT EXISTS "ANALYTICS".SLUICE_PLANNER;',
      'GRANT USAGE, CREATE TABLE ON SCHEMA "ANALYTICS".SLUICE_PLANNER TO ROLE SLUICE_READER;',
    ],
  ],
  [
    databricksSource,
    { catalog: 'main' },
    [
      'CREATE SCHEMA IF NOT EXISTS `main`.`sluice_planner`;',
      'GRANT USE SCHEMA, CREATE TABLE ON SCHEMA `main`.`sluice_planner` TO `…`;',
    ],
  ],
  [
    bigquerySource,
    { project: 'acme-analytics' },
    [
      'CREATE SCHEMA IF NOT EXISTS `acme-analytics`.`sluice_planner`;',
      'GRANT `roles/bigquery.dataEditor` ON SCHEMA `acme-analytics`.`sluice_planner` TO "…";',
    ],
  ],
] as const)('the form of $name shows what an administrator runs', (definition, values, statements) => {
  const lines = shown(definition, values)?.split('\n');
  expect(lines?.filter((line) => !line.startsWith('--'))).toEqual(statements);
  expect(shown(definition, {})).toBeNull();
});
