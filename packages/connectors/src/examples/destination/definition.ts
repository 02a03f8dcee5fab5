import type { DestinationDefinition } from '../../kit/destination.ts';
import { baseUrlField } from '../../kit/http/base-url.ts';
import { checks } from './check.ts';
import { presetUrl, readConfiguration } from './configuration.ts';
import { openConnection } from './open-connection.ts';

/** What can be written to Example CRM, in one line. */
export const exampleDestination: DestinationDefinition = {
  slug: 'example',
  name: 'Example CRM',
  category: 'crm',
  description: 'Keep contacts up to date.',
  docsUrl: '/docs/destinations/example',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="6" fill="#475569"/><path d="M15 8H9v8h6M9 12h5" fill="none" stroke="#fff" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"/></svg>',
  fields: [
    {
      name: 'apiKey',
      label: 'API key',
      kind: 'password',
      help: 'Where the person finds it, and which rights it needs.',
      secret: true,
      required: true,
    },
    baseUrlField(presetUrl),
  ],
  checks,
  writes: [
    {
      object: 'Contacts',
      modes: ['upsert', 'mirror'],
      matchKeys: 'email',
      batch: { rows: 100, bytes: 1_000_000 },
      limits: '10 requests / s',
    },
  ],
  testedAgainst: 'a fake with state and limits',
  assertConfiguration: readConfiguration,
  open: openConnection,
};
