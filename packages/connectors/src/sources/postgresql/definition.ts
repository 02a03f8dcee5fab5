import { clientCertificateFields } from '../../kit/client-certificate.ts';
import { pgFields, readPgSettings } from '../../kit/pg-settings.ts';
import { plannerField } from '../../kit/planner-field.ts';
import type { SourceDefinition } from '../../kit/source.ts';
import { tunnelFields } from '../../kit/ssh/tunnel-fields.ts';
import { postgresqlIcon } from './icon.ts';
import { checkNames, openPostgresqlSource } from './open-connection.ts';
import { schemaStatements } from './planner/names.ts';

/** Reads from a PostgreSQL database: tables, views and SELECT statements. */
export const postgresqlSource: SourceDefinition = {
  slug: 'postgresql',
  name: 'PostgreSQL',
  category: 'database',
  description: 'Read tables, views and queries of a PostgreSQL database, version 12 or newer.',
  docsUrl: '/docs/sources/postgresql',
  icon: postgresqlIcon,
  fields: [...pgFields, ...clientCertificateFields, ...tunnelFields, plannerField(schemaStatements)],
  checks: checkNames,
  capabilities: { introspect: true, cancel: true, planner: true },
  testedAgainst: 'a real PostgreSQL server',
  assertConfiguration: readPgSettings,
  open: openPostgresqlSource,
};
