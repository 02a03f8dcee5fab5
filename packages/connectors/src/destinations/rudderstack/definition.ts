import type { DestinationDefinition } from '../../kit/destination.ts';
import { checks } from './check.ts';
import { readConfiguration } from './configuration.ts';
import { batch } from './objects.ts';
import { openConnection } from './open-connection.ts';

const limits = 'none published';

/** People, groups and events of a RudderStack source. */
export const rudderstackDestination: DestinationDefinition = {
  slug: 'rudderstack',
  name: 'RudderStack',
  category: 'analytics',
  description: 'Send rows of your model as identify, group and track calls to a RudderStack data plane.',
  docsUrl: '/docs/destinations/rudderstack',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="6" fill="#105ED5"/><path d="M8 17V8.500h4.500a2.500 2.500 0 0 1 0 5H8M13 13.500l3.200 3.500" fill="none" stroke="#fff" stroke-width="1.900" stroke-linecap="round" stroke-linejoin="round"/></svg>',
  fields: [
    {
      name: 'writeKey',
      label: 'Write key',
      kind: 'password',
      help: 'Of an HTTP source in RudderStack, on its Setup tab.',
      secret: true,
      required: true,
    },
    {
      name: 'baseUrl',
      label: 'Data plane URL',
      kind: 'text',
      help: 'The console of RudderStack shows it on its first page.',
      placeholder: 'https://acme.dataplane.rudderstack.com',
      secret: false,
      required: true,
      guardsSecrets: true,
      namesPlace: true,
    },
  ],
  checks,
  writes: [
    { object: 'Users', modes: ['upsert'], matchKeys: 'userId, anonymousId', batch, limits },
    { object: 'Groups', modes: ['upsert'], matchKeys: 'groupId', batch, limits },
    { object: 'Events', modes: ['event'], matchKeys: 'userId, anonymousId of the person', batch, limits },
  ],
  countsOnly: 'taken by RudderStack, passed on to its own destinations later',
  testedAgainst: 'a fake with state; every request judged by the vendor’s description',
  assertConfiguration: readConfiguration,
  open: openConnection,
};
