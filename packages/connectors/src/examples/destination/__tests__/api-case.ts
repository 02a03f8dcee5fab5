import { exampleKey, startExample } from '@sluice/testing/vendors/example/start-example';
import { apiCase } from '../../../__tests__/api-case.ts';

export const exampleCase = apiCase({
  start: startExample,
  working: (url) => ({ apiKey: exampleKey, baseUrl: url }),
  wrongCredentials: (url) => ({ apiKey: 'not-the-key', baseUrl: url }),
  sync: {
    object: 'contacts',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'email' },
    mappings: [{ type: 'column', from: 'name', to: 'name' }],
  },
  record: (number) => ({ match: `p${number}@example.com`, fields: { name: `n${number}` } }),
  poison: { match: 'nobody', fields: { name: 'nobody' } },
  held: (state) => state.contacts.size,
});
