import type { DestinationDefinition } from '../../kit/destination.ts';
import { mysqlFields, readMysqlSettings } from '../../kit/mysql/settings.ts';
import { mysqlIcon } from '../../sources/mysql/icon.ts';
import { mysqlCheckNames } from './check.ts';
import { openConnection } from './open-connection.ts';

/** Tables of a MySQL or MariaDB database. */
export const mysqlDestination: DestinationDefinition = {
  slug: 'mysql',
  name: 'MySQL or MariaDB',
  category: 'database',
  description: 'Write to tables of MySQL 5.7 or newer, or MariaDB 10.4 or newer.',
  docsUrl: '/docs/destinations/mysql',
  icon: mysqlIcon,
  fields: mysqlFields,
  checks: mysqlCheckNames,
  writes: [
    {
      object: 'Tables',
      modes: ['upsert', 'insert', 'update', 'mirror'],
      matchKeys: 'a column with a unique index of its own',
      batch: { rows: 2_000 },
      limits: 'none; 2 transactions at once',
    },
  ],
  testedAgainst: 'a real server (MariaDB)',
  assertConfiguration: readMysqlSettings,
  open: openConnection,
};
