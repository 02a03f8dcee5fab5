import { plannerField } from '../../kit/planner-field.ts';
import type { SourceDefinition } from '../../kit/source.ts';
import { plannerCheckName } from '../../kit/sql/planner/planning-source.ts';
import { redshiftCheckNames } from './check.ts';
import { redshiftIcon } from './icon.ts';
import { openRedshiftSource } from './open-connection.ts';
import { redshiftSchemaStatements } from './planner/dialect.ts';
import { readRedshiftSettings, redshiftFields } from './settings.ts';

/** Reads from an Amazon Redshift cluster or workgroup: tables, views and SELECT statements. */
export const redshiftSource: SourceDefinition = {
  slug: 'redshift',
  name: 'Amazon Redshift',
  category: 'warehouse',
  description: 'Read tables, views and queries of a Redshift cluster or a serverless workgroup.',
  docsUrl: '/docs/sources/redshift',
  icon: redshiftIcon,
  fields: [...redshiftFields, plannerField(redshiftSchemaStatements)],
  checks: [...redshiftCheckNames, plannerCheckName],
  capabilities: { introspect: true, cancel: true, planner: true },
  testedAgainst:
    'a real PostgreSQL server, behind a proxy that objects to statements that Redshift does not have, with UNLOAD and IAM credentials through Amazon’s own clients at servers that verify their signatures; not against Redshift itself',
  assertConfiguration: readRedshiftSettings,
  open: openRedshiftSource,
};
