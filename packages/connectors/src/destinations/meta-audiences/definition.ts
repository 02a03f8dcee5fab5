import type { DestinationDefinition } from '../../kit/destination.ts';
import { baseUrlField } from '../../kit/http/base-url.ts';
import { checks } from './check.ts';
import { presetUrl, readConfiguration } from './configuration.ts';
import { rowsMax } from './objects/members.ts';
import { openConnection } from './open-connection.ts';

/** People of the Custom Audiences of a Meta ad account. */
export const metaAudiencesDestination: DestinationDefinition = {
  slug: 'meta-audiences',
  name: 'Meta Custom Audiences',
  category: 'advertising',
  description:
    'Keep audiences for Facebook and Instagram ads equal to a model; people are hashed before they leave.',
  docsUrl: '/docs/destinations/meta-audiences',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="6" fill="#0a66e8"/><circle cx="9" cy="10" r="2.2" fill="none" stroke="#fff" stroke-width="1.6"/><circle cx="15.5" cy="10" r="2.2" fill="none" stroke="#fff" stroke-width="1.6"/><path d="M5.5 16.5c.6-2 2-3 3.5-3s2.9 1 3.5 3m1.2-2.3c.6-.5 1.2-.7 1.8-.7 1.5 0 2.9 1 3.5 3" fill="none" stroke="#fff" stroke-width="1.6" stroke-linecap="round"/></svg>',
  fields: [
    {
      name: 'accessToken',
      label: 'Access token',
      kind: 'password',
      help: 'Of a system user of your business (Business settings, Users, System users) with ads_management and the ad account.',
      placeholder: 'EAAB…',
      secret: true,
      required: true,
    },
    {
      name: 'adAccountId',
      label: 'Ad account',
      kind: 'text',
      help: 'Its number, as the address of Ads Manager shows it: act=….',
      placeholder: '1234567890',
      secret: false,
      required: true,
      namesPlace: true,
    },
    {
      name: 'appSecret',
      label: 'App secret',
      kind: 'password',
      help: 'Only where the app of the token demands a proof with each request (Settings, Advanced, Require App Secret).',
      secret: true,
      required: false,
    },
    baseUrlField(presetUrl),
  ],
  checks,
  writes: [
    {
      object: 'Custom Audience, chosen or made by name',
      modes: ['segment', 'add', 'remove'],
      matchKeys: 'email, phone number, name and place, mobile advertising ID, own ID, in any combination',
      batch: { rows: rowsMax },
      limits: 'by account and audience; Meta says in each answer how much is left',
    },
  ],
  testedAgainst: 'a fake with state and limits; every request judged by the description of Meta’s own SDK',
  countsOnly: 'accepted by Meta, matched later',
  assertConfiguration: readConfiguration,
  open: openConnection,
};
