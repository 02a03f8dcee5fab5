import type { DestinationDefinition } from '../../kit/destination.ts';
import { baseUrlField } from '../../kit/http/base-url.ts';
import { checks } from './check.ts';
import { presetUrl, readConfiguration } from './configuration.ts';
import { eventBatch } from './objects/events.ts';
import { jobBatch } from './objects/profiles.ts';
import { openConnection } from './open-connection.ts';

/** Profiles, lists and events of a Klaviyo account. */
export const klaviyoDestination: DestinationDefinition = {
  slug: 'klaviyo',
  name: 'Klaviyo',
  category: 'marketing',
  description: 'Keep profiles and lists up to date, and send events that start flows.',
  docsUrl: '/docs/destinations/klaviyo',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="6" fill="#232426"/><path d="M6.5 8h11l-3 4 3 4h-11z" fill="none" stroke="#fff" stroke-width="1.75" stroke-linejoin="round"/></svg>',
  oauth: {
    // https://developers.klaviyo.com/en/docs/set_up_oauth (2026-11)
    provider: 'klaviyo',
    name: 'Klaviyo',
    authorizeUrl: 'https://www.klaviyo.com/oauth/authorize',
    tokenUrl: 'https://a.klaviyo.com/oauth/token',
    scopes: ['accounts:read', 'profiles:read', 'profiles:write', 'lists:read', 'lists:write', 'events:write'],
    clientAuthentication: 'basic',
  },
  fields: [
    {
      name: 'access',
      label: 'Access',
      kind: 'select',
      help: 'A key that somebody made in Klaviyo, or the access of whoever signs in now.',
      secret: false,
      required: true,
      default: 'key',
      options: [
        { value: 'key', label: 'Private API key' },
        { value: 'oauth', label: 'Sign in at Klaviyo' },
      ],
    },
    {
      name: 'grant',
      label: 'Klaviyo account',
      kind: 'grant',
      help: 'Opens Klaviyo in a new tab. Choose the account there, and come back.',
      secret: false,
      required: true,
      visibleWhen: { field: 'access', values: ['oauth'] },
    },
    {
      name: 'apiKey',
      label: 'API key',
      kind: 'password',
      help: 'A private key (Settings, API keys) that may read accounts, read and write profiles and lists, and write events.',
      placeholder: 'pk_…',
      secret: true,
      required: true,
      visibleWhen: { field: 'access', values: ['key'] },
    },
    baseUrlField(presetUrl),
  ],
  checks,
  writes: [
    {
      object: 'Profiles: up to 50 at once',
      modes: ['upsert'],
      matchKeys: 'email, phone number, external ID, Klaviyo ID',
      batch: { rows: 1, recordBytes: jobBatch.recordBytes },
      limits: '75 requests / s, 750 / min',
    },
    {
      object: 'Profiles: more at once (import jobs)',
      modes: ['upsert'],
      matchKeys: 'the same',
      batch: jobBatch,
      limits: '10 requests / s, 150 / min',
    },
    {
      object: 'Members of a list',
      modes: ['segment', 'add', 'remove'],
      matchKeys: 'email, phone number, external ID, Klaviyo ID',
      batch: { rows: 1000 },
      limits: '10 requests / s, 150 / min',
    },
    {
      object: 'Events',
      modes: ['event'],
      matchKeys: 'email, phone number, external ID, Klaviyo ID of the profile',
      batch: eventBatch,
      limits: '10 requests / s, 150 / min',
    },
  ],
  testedAgainst: 'a fake with state, limits and jobs; every request judged by Klaviyo’s own description',
  assertConfiguration: readConfiguration,
  open: openConnection,
};
