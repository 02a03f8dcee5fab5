import { clientCertificateFields } from '../../kit/client-certificate.ts';
import type { DestinationDefinition } from '../../kit/destination.ts';
import { pgFields, readPgSettings } from '../../kit/pg-settings.ts';
import { tunnelFields } from '../../kit/ssh/tunnel-fields.ts';
import { checks } from './check.ts';
import { openConnection } from './open-connection.ts';

/** Tables of a PostgreSQL database. */
export const postgresqlDestination: DestinationDefinition = {
  slug: 'postgresql',
  name: 'PostgreSQL',
  category: 'database',
  description:
    'Keep the rows of a table up to date: upsert, insert, update or mirror, thousands of rows at a time.',
  docsUrl: '/docs/destinations/postgresql',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#336791" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"><ellipse cx="11" cy="5.5" rx="7" ry="2.75"/><path d="M4 5.5v12c0 1.5 3.1 2.75 7 2.75M4 11.5c0 1.5 3.1 2.75 7 2.75M18 5.5v4"/><path d="M20.5 17H14m3-3.2L13.8 17l3.2 3.2"/></svg>',
  fields: [...pgFields, ...clientCertificateFields, ...tunnelFields],
  checks,
  writes: [
    {
      object: 'Tables',
      modes: ['upsert', 'insert', 'update', 'mirror'],
      matchKeys: 'any column with a unique index of its own',
      batch: { rows: 5000 },
      limits: 'none: two transactions at once',
    },
  ],
  testedAgainst: 'a real PostgreSQL server',
  assertConfiguration: readPgSettings,
  open: openConnection,
};
