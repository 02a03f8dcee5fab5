import { plannerField } from '../../kit/planner-field.ts';
import type { SourceDefinition } from '../../kit/source.ts';
import { plannerCheckName } from '../../kit/sql/planner/planning-source.ts';
import { databricksCheckNames } from './check.ts';
import { readDatabricksSettings } from './configuration.ts';
import { databricksFields } from './fields.ts';
import { databricksIcon } from './icon.ts';
import { openDatabricksSource } from './open-connection.ts';
import { databricksSchemaStatements } from './planner/dialect.ts';

/** Reads from a Databricks SQL warehouse: tables, views and SELECT statements. */
export const databricksSource: SourceDefinition = {
  slug: 'databricks',
  name: 'Databricks',
  category: 'warehouse',
  description: 'Read tables, views and queries through a Databricks SQL warehouse.',
  docsUrl: '/docs/sources/databricks',
  icon: databricksIcon,
  fields: [...databricksFields, plannerField(databricksSchemaStatements, '`')],
  checks: [...databricksCheckNames, plannerCheckName],
  capabilities: { introspect: true, cancel: true, planner: true },
  testedAgainst:
    'a server that speaks the Statement Execution API, with results as Arrow behind links that end and DuckDB behind it',
  assertConfiguration: readDatabricksSettings,
  open: openDatabricksSource,
};
