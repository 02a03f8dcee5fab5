import { customerIoKeys, startCustomerIo } from '@sluice/testing/vendors/customer-io/start-customer-io';
import { apiCase } from '../../../__tests__/api-case.ts';

export const customerIoCase = apiCase({
  start: startCustomerIo,
  working: (url) => ({ ...customerIoKeys, region: 'us', baseUrl: url }),
  wrongCredentials: (url) => ({ ...customerIoKeys, apiKey: 'not-the-key', region: 'us', baseUrl: url }),
  sync: {
    object: 'people',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'email' },
    mappings: [{ type: 'column', from: 'name', to: 'name' }],
  },
  record: (number) => ({ match: `p${number}@example.com`, fields: { name: `n${number}` } }),
  poison: { match: 'nobody', fields: { name: 'nobody' } },
  held: (state) => state.people.size,
});
