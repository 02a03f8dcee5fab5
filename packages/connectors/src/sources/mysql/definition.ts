import { mysqlFields, readMysqlSettings } from '../../kit/mysql/settings.ts';
import type { SourceDefinition } from '../../kit/source.ts';
import { mysqlCheckNames } from './check.ts';
import { mysqlIcon } from './icon.ts';
import { openMysqlSource } from './open-connection.ts';

/** Reads from a MySQL or MariaDB database: tables, views and SELECT statements. */
export const mysqlSource: SourceDefinition = {
  slug: 'mysql',
  name: 'MySQL or MariaDB',
  category: 'database',
  description: 'Read tables, views and queries of MySQL 5.7 or newer, or MariaDB 10.4 or newer.',
  docsUrl: '/docs/sources/mysql',
  icon: mysqlIcon,
  fields: mysqlFields,
  checks: mysqlCheckNames,
  capabilities: { introspect: true, cancel: true },
  testedAgainst: 'a real server (MariaDB)',
  assertConfiguration: readMysqlSettings,
  open: openMysqlSource,
};
