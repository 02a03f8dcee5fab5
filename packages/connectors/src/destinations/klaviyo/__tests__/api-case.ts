import { klaviyoKey, startKlaviyo } from '@sluice/testing/vendors/klaviyo/start-klaviyo';
import { apiCase } from '../../../__tests__/api-case.ts';

export const klaviyoCase = apiCase({
  start: startKlaviyo,
  working: (url) => ({ access: 'key', apiKey: klaviyoKey, baseUrl: url }),
  wrongCredentials: (url) => ({ access: 'key', apiKey: 'pk_not_the_key_at_all', baseUrl: url }),
  sync: {
    object: 'profiles',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'email' },
    mappings: [{ type: 'column', from: 'name', to: 'first_name' }],
  },
  record: (number) => ({ match: `p${number}@example.com`, fields: { first_name: `n${number}` } }),
  poison: { match: 'nobody', fields: { first_name: 'nobody' } },
  held: (state) => state.profiles.byId.size,
});
