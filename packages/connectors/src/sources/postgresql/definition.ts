import { pgCheckNames } from '../../kit/pg-checks.ts';
import { pgFields, readPgSettings } from '../../kit/pg-settings.ts';
import type { SourceDefinition } from '../../kit/source.ts';
import { postgresqlIcon } from './icon.ts';
import { openPostgresqlSource } from './open-connection.ts';

/** Reads from a PostgreSQL database: tables, views and SELECT statements. */
export const postgresqlSource: SourceDefinition = {
  slug: 'postgresql',
  name: 'PostgreSQL',
  category: 'database',
  description: 'Read tables, views and queries of a PostgreSQL database, version 12 or newer.',
  docsUrl: '/docs/sources/postgresql',
  icon: postgresqlIcon,
  fields: pgFields,
  checks: [...pgCheckNames, { name: 'read', label: 'Read tables' }],
  capabilities: { introspect: true, cancel: true },
  assertConfiguration: readPgSettings,
  open: openPostgresqlSource,
};
