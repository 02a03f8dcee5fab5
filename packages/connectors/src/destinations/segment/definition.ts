import type { DestinationDefinition } from '../../kit/destination.ts';
import { baseUrlField } from '../../kit/http/base-url.ts';
import { checks } from './check.ts';
import { presetUrls, readConfiguration } from './configuration.ts';
import { batch } from './objects.ts';
import { openConnection } from './open-connection.ts';

const limits = '1,000 requests / s for a workspace; 500 / s kept by Sluice';

/** People, groups and events of a Segment source. */
export const segmentDestination: DestinationDefinition = {
  slug: 'segment',
  name: 'Segment',
  category: 'analytics',
  description: 'Send rows of your model as identify, group and track calls to a Segment source.',
  docsUrl: '/docs/destinations/segment',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="6" fill="#154733"/><path d="M7 9.500h10M7 14.500h10" fill="none" stroke="#52BD94" stroke-width="2" stroke-linecap="round"/><circle cx="8" cy="6.300" r="1.200" fill="#52BD94"/><circle cx="16" cy="17.700" r="1.200" fill="#52BD94"/></svg>',
  fields: [
    {
      name: 'writeKey',
      label: 'Write key',
      kind: 'password',
      help: 'Of a Node.js or HTTP API source in Segment, under Settings, API keys.',
      secret: true,
      required: true,
    },
    {
      name: 'region',
      label: 'Region',
      kind: 'select',
      help: 'Where the workspace is kept.',
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
    { object: 'Users', modes: ['upsert'], matchKeys: 'userId, anonymousId', batch, limits },
    { object: 'Groups', modes: ['upsert'], matchKeys: 'groupId', batch, limits },
    { object: 'Events', modes: ['event'], matchKeys: 'userId, anonymousId of the person', batch, limits },
  ],
  countsOnly: 'taken by Segment, passed on to its own destinations later',
  testedAgainst: 'a fake with state and the published limits',
  assertConfiguration: readConfiguration,
  open: openConnection,
};
