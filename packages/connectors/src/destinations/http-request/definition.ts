import type { DestinationDefinition } from '../../kit/destination.ts';
import { checks } from './check.ts';
import { readConfiguration } from './configuration.ts';
import { openConnection } from './open-connection.ts';

/** Requests to any HTTP API, written by the user as templates. */
export const httpRequestDestination: DestinationDefinition = {
  slug: 'http-request',
  name: 'HTTP Request',
  category: 'developer',
  description: 'Call any HTTP API or webhook for rows that were added, changed or removed.',
  docsUrl: '/docs/destinations/http-request',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#0f766e" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"><circle cx="6" cy="17" r="2.75"/><circle cx="18" cy="17" r="2.75"/><circle cx="12" cy="6" r="2.75"/><path d="M10.6 8.4 7.3 14.6M13.4 8.4l3.3 6.2M8.75 17h6.5"/></svg>',
  fields: [
    {
      name: 'baseUrl',
      label: 'Base URL',
      kind: 'text',
      help: 'Scheme, host and, where wanted, the beginning of the path. Requests never leave this origin.',
      placeholder: 'https://api.example.com/v1',
      secret: false,
      required: true,
      guardsSecrets: true,
      namesPlace: true,
    },
    {
      name: 'headers',
      label: 'Headers',
      kind: 'headers',
      help: 'Sent with every request. Mark credentials as secret: they are stored encrypted and never shown again.',
      placeholder: 'Authorization',
      secret: false,
      required: false,
    },
  ],
  checks,
  writes: [
    {
      object: 'Requests',
      modes: ['trigger'],
      matchKeys: 'none: you write the requests',
      batch: { rows: 1000 },
      limits: 'yours to set: requests per second, requests at once',
    },
  ],
  testedAgainst: 'a real HTTP server that misbehaves on demand',
  cannotTellRepeat: true,
  assertConfiguration: readConfiguration,
  open: openConnection,
};
