import type { DestinationDefinition } from '../../kit/destination.ts';
import { baseUrlField } from '../../kit/http/base-url.ts';
import { checks } from './check.ts';
import { presetUrls, readConfiguration } from './configuration.ts';
import { openConnection } from './open-connection.ts';

const batch = { rows: 1000, bytes: 500_000, recordBytes: 32_000 };
const limits = '3,000 requests / 3 s; 100 / s kept by Sluice';

/** People, events, segments, objects and relationships of a Customer.io workspace. */
export const customerIoDestination: DestinationDefinition = {
  slug: 'customer-io',
  name: 'Customer.io',
  category: 'marketing',
  description: 'Keep people, objects and manual segments up to date, and send events that start campaigns.',
  docsUrl: '/docs/destinations/customer-io',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="6" fill="#0b353b"/><path d="M14.9 9.3a4 4 0 1 0 0 5.4" fill="none" stroke="#00ecbb" stroke-width="2" stroke-linecap="round"/><circle cx="17.2" cy="16.2" r="1.3" fill="#00ecbb"/></svg>',
  fields: [
    {
      name: 'siteId',
      label: 'Site ID',
      kind: 'text',
      help: 'In Customer.io under Settings, API Credentials, Tracking API Keys.',
      secret: false,
      required: true,
    },
    {
      name: 'apiKey',
      label: 'API key',
      kind: 'password',
      help: 'The tracking API key that belongs to the site ID.',
      secret: true,
      required: true,
    },
    {
      name: 'region',
      label: 'Region',
      kind: 'select',
      help: 'Where the workspace is kept. Test connection tells when it is the other one.',
      secret: false,
      required: true,
      default: 'us',
      guardsSecrets: true,
      options: [
        { value: 'us', label: 'United States' },
        { value: 'eu', label: 'European Union' },
      ],
    },
    baseUrlField(presetUrls.us),
  ],
  checks,
  writes: [
    {
      object: 'People',
      modes: ['upsert', 'update', 'mirror'],
      matchKeys: 'id, email, cio_id',
      batch,
      limits,
    },
    { object: 'Events', modes: ['event'], matchKeys: 'id, email, cio_id of the person', batch, limits },
    {
      object: 'Members of a manual segment',
      modes: ['add', 'remove', 'segment'],
      matchKeys: 'id, email, cio_id',
      batch: { rows: 1000 },
      limits,
    },
    { object: 'Objects', modes: ['upsert', 'mirror'], matchKeys: 'object_id', batch, limits },
    {
      object: 'Relationships',
      modes: ['add', 'remove', 'segment'],
      matchKeys: 'the pair itself',
      batch,
      limits,
    },
  ],
  testedAgainst: 'a fake with state and limits; every request judged by the vendor’s description',
  assertConfiguration: readConfiguration,
  open: openConnection,
};
