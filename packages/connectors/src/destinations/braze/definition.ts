import type { DestinationDefinition } from '../../kit/destination.ts';
import { baseUrlField } from '../../kit/http/base-url.ts';
import { checks } from './check.ts';
import { instances, readConfiguration } from './configuration.ts';
import { openConnection } from './open-connection.ts';

const trackLimit = '3,000 requests / 3 s';
const users = 'external ID, alias, Braze ID, email, phone';

/** Users, events, purchases, subscription groups and catalogs of a Braze workspace. */
export const brazeDestination: DestinationDefinition = {
  slug: 'braze',
  name: 'Braze',
  category: 'marketing',
  description: 'Keep users, subscription groups and catalogs up to date; send events and purchases.',
  docsUrl: '/docs/destinations/braze',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="6" fill="#801ed7"/><path d="M9 17V7h3.5a2.3 2.3 0 0 1 0 4.8H9h4.2a2.6 2.6 0 0 1 0 5.2z" fill="none" stroke="#fff" stroke-width="1.75" stroke-linejoin="round"/></svg>',
  fields: [
    {
      name: 'instance',
      label: 'Instance',
      kind: 'select',
      help: 'The first part of the address of your dashboard: dashboard-03 is US-03.',
      secret: false,
      required: true,
      default: 'us-01',
      guardsSecrets: true,
      namesPlace: true,
      options: Object.entries(instances).map(([value, url]) => ({
        value,
        label: value.toUpperCase(),
        help: new URL(url).host,
      })),
    },
    {
      name: 'apiKey',
      label: 'REST API key',
      kind: 'password',
      help: 'In Braze under Settings, APIs and Identifiers, with users.track and what else you write.',
      secret: true,
      required: true,
    },
    baseUrlField(instances['us-01']),
  ],
  checks,
  writes: [
    {
      object: 'Users',
      modes: ['upsert', 'update', 'mirror'],
      matchKeys: users,
      batch: { rows: 75 },
      limits: trackLimit,
    },
    {
      object: 'Events',
      modes: ['event'],
      matchKeys: users,
      batch: { rows: 75 },
      limits: trackLimit,
      cannotTellRepeat: true,
    },
    {
      object: 'Purchases',
      modes: ['event'],
      matchKeys: users,
      batch: { rows: 75 },
      limits: trackLimit,
      cannotTellRepeat: true,
    },
    {
      object: 'Members of a subscription group',
      modes: ['segment', 'add', 'remove'],
      matchKeys: 'external ID, email, phone',
      batch: { rows: 50 },
      limits: '5,000 requests / min',
    },
    {
      object: 'Items of a catalog',
      modes: ['upsert', 'update', 'mirror'],
      matchKeys: 'id',
      batch: { rows: 50 },
      limits: '16,000 requests / min',
    },
  ],
  testedAgainst:
    'a fake with state and limits; every request judged by the description of Braze’s public collection',
  cannotTellRepeat: true,
  assertConfiguration: readConfiguration,
  open: openConnection,
};
