import { brazeKey, startBraze } from '@sluice/testing/vendors/braze/start-braze';
import { apiCase } from '../../../__tests__/api-case.ts';

export const brazeCase = apiCase({
  start: startBraze,
  working: (url) => ({ apiKey: brazeKey, instance: 'us-01', baseUrl: url }),
  wrongCredentials: (url) => ({ apiKey: 'not-the-key', instance: 'us-01', baseUrl: url }),
  sync: {
    object: 'users',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'email' },
    mappings: [{ type: 'column', from: 'name', to: 'first_name' }],
  },
  record: (number) => ({ match: `p${number}@example.com`, fields: { first_name: `n${number}` } }),
  poison: { match: 'nobody', fields: { first_name: 'nobody' } },
  held: (state) => state.users.size,
});
