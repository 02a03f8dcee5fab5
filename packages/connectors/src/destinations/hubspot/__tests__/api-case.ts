import { hubspotToken, startHubspot } from '@sluice/testing/vendors/hubspot/start-hubspot';
import { apiCase } from '../../../__tests__/api-case.ts';

export const hubspotCase = apiCase({
  start: startHubspot,
  working: (url) => ({ accessToken: hubspotToken, plan: 'professional', baseUrl: url }),
  wrongCredentials: (url) => ({ accessToken: 'pat-not-the-token', plan: 'professional', baseUrl: url }),
  sync: {
    object: 'contacts',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'email' },
    mappings: [{ type: 'column', from: 'name', to: 'firstname' }],
  },
  record: (number) => ({ match: `p${number}@example.com`, fields: { firstname: `n${number}` } }),
  poison: { match: 'nobody', fields: { firstname: 'nobody' } },
  held: (state) => state.records.contacts?.size ?? 0,
});
