import type { SourceDefinition } from '../../kit/source.ts';
import { redshiftCheckNames } from './check.ts';
import { redshiftIcon } from './icon.ts';
import { openRedshiftSource } from './open-connection.ts';
import { readRedshiftSettings, redshiftFields } from './settings.ts';

/** Reads from an Amazon Redshift cluster or workgroup: tables, views and SELECT statements. */
export const redshiftSource: SourceDefinition = {
  slug: 'redshift',
  name: 'Amazon Redshift',
  category: 'warehouse',
  description: 'Read tables, views and queries of a Redshift cluster or a serverless workgroup.',
  docsUrl: '/docs/sources/redshift',
  icon: redshiftIcon,
  fields: redshiftFields,
  checks: redshiftCheckNames,
  capabilities: { introspect: true, cancel: true },
  testedAgainst:
    'a real PostgreSQL server, behind a proxy that objects to statements that Redshift does not have; not against Redshift itself',
  assertConfiguration: readRedshiftSettings,
  open: openRedshiftSource,
};
