import type { DestinationDefinition } from '../../kit/destination.ts';
import { baseUrlField } from '../../kit/http/base-url.ts';
import { checks } from './check.ts';
import { presets, readConfiguration } from './configuration.ts';
import { openConnection } from './open-connection.ts';

const limits = 'requests of the org in 24 hours; a share of them is left to others';

/** Records of any object of a Salesforce org. */
export const salesforceDestination: DestinationDefinition = {
  slug: 'salesforce',
  name: 'Salesforce',
  category: 'crm',
  description: 'Keep accounts, contacts, leads and every other object, custom ones too, up to date.',
  docsUrl: '/docs/destinations/salesforce',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="6" fill="#0d9dda"/><path d="M8.2 16.5a3 3 0 0 1-.4-6 3.6 3.6 0 0 1 6.6-1.3 3.3 3.3 0 1 1 1.6 6.4c-.5.9-1.5 1.4-2.5 1.1-1 1-3.5 1-5.3-.2z" fill="none" stroke="#fff" stroke-width="1.6" stroke-linejoin="round"/></svg>',
  oauth: {
    // https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_web_server_flow.htm (2026-11)
    provider: 'salesforce',
    name: 'Salesforce',
    authorizeUrl: 'https://login.salesforce.com/services/oauth2/authorize',
    tokenUrl: 'https://login.salesforce.com/services/oauth2/token',
    scopes: ['api', 'refresh_token'],
    clientAuthentication: 'body',
  },
  fields: [
    {
      ...baseUrlField('https://acme.my.salesforce.com'),
      label: 'Address of the org',
      help: 'Its My Domain, from Setup, Company Settings. A sandbox has its own: https://acme--dev.sandbox.my.salesforce.com.',
      required: true,
    },
    {
      name: 'access',
      label: 'Access',
      kind: 'select',
      help: 'As the user that an app in Salesforce runs as, or as whoever signs in now.',
      secret: false,
      required: true,
      default: 'client',
      options: [
        { value: 'client', label: 'Client credentials', help: 'Consumer key and secret of a connected app' },
        { value: 'jwt', label: 'Private key (JWT)', help: 'A connected app with your certificate' },
        { value: 'oauth', label: 'Sign in at Salesforce' },
      ],
    },
    {
      name: 'grant',
      label: 'Salesforce user',
      kind: 'grant',
      help: 'Opens Salesforce in a new tab. The rights of whoever signs in are those of Sluice.',
      secret: false,
      required: true,
      visibleWhen: { field: 'access', values: ['oauth'] },
    },
    {
      name: 'clientId',
      label: 'Consumer key',
      kind: 'text',
      help: 'Of the connected app, under Manage Consumer Details.',
      secret: false,
      required: true,
      visibleWhen: { field: 'access', values: ['client', 'jwt'] },
    },
    {
      name: 'clientSecret',
      label: 'Consumer secret',
      kind: 'password',
      help: 'Beside the consumer key. The app needs the client credentials flow, with a user to run as.',
      secret: true,
      required: true,
      visibleWhen: { field: 'access', values: ['client'] },
    },
    {
      name: 'user',
      label: 'User name',
      kind: 'text',
      help: 'The user to act as; the app must be approved for them.',
      placeholder: 'sluice@example.com',
      secret: false,
      required: true,
      visibleWhen: { field: 'access', values: ['jwt'] },
    },
    {
      name: 'privateKey',
      label: 'Private key',
      kind: 'textarea',
      help: 'In PEM form; its certificate is uploaded to the connected app.',
      placeholder: '-----BEGIN PRIVATE KEY-----',
      secret: true,
      required: true,
      visibleWhen: { field: 'access', values: ['jwt'] },
    },
    {
      name: 'sandbox',
      label: 'This is a sandbox',
      kind: 'checkbox',
      help: 'Assertions are then made out to test.salesforce.com.',
      secret: false,
      required: false,
      default: false,
      visibleWhen: { field: 'access', values: ['jwt'] },
    },
    {
      name: 'reserve',
      label: 'Leave to others (%)',
      kind: 'number',
      help: 'Share of the org’s daily requests that Sluice does not touch: runs wait when no more is left.',
      secret: false,
      required: false,
      default: presets.reserve,
    },
    {
      name: 'concurrency',
      label: 'Requests at once',
      kind: 'number',
      help: '1 to 10. Lower it when Salesforce says UNABLE_TO_LOCK_ROW often.',
      secret: false,
      required: false,
      default: presets.concurrency,
    },
  ],
  checks,
  writes: [
    {
      object: 'Any object: up to 2,000 rows at once',
      modes: ['upsert', 'update', 'mirror', 'insert'],
      matchKeys: 'external IDs, lookup fields such as Email; record ID for updates',
      batch: { rows: 200 },
      limits,
    },
    {
      object: 'Any object: more rows at once (Bulk API 2.0)',
      modes: ['upsert', 'update', 'insert'],
      matchKeys: 'the same',
      batch: { rows: 10_000, bytes: 10_000_000 },
      limits,
    },
  ],
  testedAgainst: 'a fake with state, limits and jobs; Salesforce publishes no description',
  assertConfiguration: readConfiguration,
  open: openConnection,
};
