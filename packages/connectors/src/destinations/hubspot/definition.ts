import type { DestinationDefinition } from '../../kit/destination.ts';
import { baseUrlField } from '../../kit/http/base-url.ts';
import { checks } from './check.ts';
import { presetUrl, readConfiguration } from './configuration.ts';
import { openConnection } from './open-connection.ts';

const limits = '100 or 190 requests / 10 s by plan; a quota a day';

/** Records, lists, associations and custom events of a HubSpot account. */
export const hubspotDestination: DestinationDefinition = {
  slug: 'hubspot',
  name: 'HubSpot',
  category: 'crm',
  description:
    'Keep contacts, companies, deals, tickets, custom objects and lists up to date; send custom events.',
  docsUrl: '/docs/destinations/hubspot',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="6" fill="#ff7a59"/><path d="M8 7v10M16 7v10M8 12h8" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"/></svg>',
  oauth: {
    // https://developers.hubspot.com/docs/guides/api/app-management/oauth-tokens (2026-11)
    provider: 'hubspot',
    name: 'HubSpot',
    authorizeUrl: 'https://app.hubspot.com/oauth/authorize',
    tokenUrl: 'https://api.hubapi.com/oauth/v1/token',
    scopes: [
      'oauth',
      ...['contacts', 'companies', 'deals'].flatMap((object) =>
        ['objects', 'schemas'].flatMap((part) => [
          `crm.${part}.${object}.read`,
          `crm.${part}.${object}.write`,
        ]),
      ),
      'crm.lists.read',
      'crm.lists.write',
      'tickets',
    ],
    authorizeQuery: {
      optional_scope: 'crm.schemas.custom.read crm.objects.custom.read crm.objects.custom.write',
    },
    clientAuthentication: 'body',
  },
  fields: [
    {
      name: 'access',
      label: 'Access',
      kind: 'select',
      help: 'A token that somebody made in HubSpot, or the access of whoever signs in now.',
      secret: false,
      required: true,
      default: 'token',
      options: [
        { value: 'token', label: 'Private app token' },
        { value: 'oauth', label: 'Sign in at HubSpot' },
      ],
    },
    {
      name: 'grant',
      label: 'HubSpot account',
      kind: 'grant',
      help: 'Opens HubSpot in a new tab. Choose the account there, and come back.',
      secret: false,
      required: true,
      visibleWhen: { field: 'access', values: ['oauth'] },
    },
    {
      name: 'accessToken',
      label: 'Access token',
      kind: 'password',
      help: 'Of a private app: in HubSpot under Settings, Integrations, Private Apps, with the scopes of the objects you write.',
      placeholder: 'pat-…',
      secret: true,
      required: true,
      visibleWhen: { field: 'access', values: ['token'] },
    },
    {
      name: 'plan',
      label: 'Plan',
      kind: 'select',
      help: 'Decides how many requests HubSpot takes in ten seconds.',
      secret: false,
      required: true,
      default: 'standard',
      options: [
        { value: 'standard', label: 'Free or Starter', help: '100 requests in 10 seconds' },
        { value: 'professional', label: 'Professional or Enterprise', help: '190 requests in 10 seconds' },
      ],
    },
    baseUrlField(presetUrl),
  ],
  checks,
  writes: [
    {
      object: 'Contacts, companies, deals, tickets, custom objects',
      modes: ['upsert', 'insert', 'update', 'mirror', 'archive'],
      matchKeys: 'email, any unique property; record ID for updates',
      batch: { rows: 100 },
      limits,
    },
    {
      object: 'Members of manual and snapshot lists',
      modes: ['segment', 'add', 'remove'],
      matchKeys: 'record ID, email, any unique property',
      batch: { rows: 1000 },
      limits,
    },
    {
      object: 'Associations',
      modes: ['segment', 'add', 'remove'],
      matchKeys: 'the pair itself',
      batch: { rows: 100 },
      limits,
    },
    {
      object: 'Custom events',
      modes: ['event'],
      matchKeys: 'email, record ID or visitor token',
      batch: { rows: 500 },
      limits,
    },
  ],
  testedAgainst:
    'a fake with state and limits; every request judged by the description rebuilt from HubSpot’s own SDK',
  assertConfiguration: readConfiguration,
  open: openConnection,
};
