import type { DestinationDefinition } from '../../kit/destination.ts';
import { redisCheckNames } from './check.ts';
import { readRedisSettings, redisFields } from './configuration.ts';
import { openConnection } from './open-connection.ts';

const batch = { rows: 1_000 };
const limits = 'none; 4 pipelines at once';

/** Hashes, JSON strings and sorted sets of a Redis database: the store behind personalisation. */
export const redisDestination: DestinationDefinition = {
  slug: 'redis',
  name: 'Redis',
  category: 'database',
  description:
    'Keep hashes, JSON documents and sorted sets where an application reads them in a millisecond.',
  docsUrl: '/docs/destinations/redis',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="6" fill="#C6302B"/><path d="M6 9l6-2.500L18 9l-6 2.500zM6 12.200l6 2.500 6-2.500M6 15.400l6 2.500 6-2.500" fill="none" stroke="#fff" stroke-width="1.500" stroke-linejoin="round" stroke-linecap="round"/></svg>',
  fields: redisFields,
  checks: redisCheckNames,
  writes: [
    { object: 'Hashes', modes: ['upsert', 'mirror'], matchKeys: 'the key', batch, limits },
    { object: 'JSON documents as strings', modes: ['upsert', 'mirror'], matchKeys: 'the key', batch, limits },
    {
      object: 'Members of a sorted set',
      modes: ['upsert', 'mirror'],
      matchKeys: 'the member',
      batch,
      limits,
    },
  ],
  testedAgainst: 'a real server',
  assertConfiguration: readRedisSettings,
  open: openConnection,
};
