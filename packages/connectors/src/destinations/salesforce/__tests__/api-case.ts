import { salesforceApp, startSalesforce } from '@sluice/testing/vendors/salesforce/start-salesforce';
import { apiCase } from '../../../__tests__/api-case.ts';

export const salesforceCase = apiCase({
  start: startSalesforce,
  working: (url) => ({ access: 'client', ...salesforceApp, baseUrl: url }),
  wrongCredentials: (url) => ({
    access: 'client',
    ...salesforceApp,
    clientSecret: 'not-the-secret-0123',
    baseUrl: url,
  }),
  sync: {
    object: 'Contact',
    mode: 'upsert',
    matchKey: { from: 'id', to: 'Ext__c' },
    mappings: [{ type: 'column', from: 'name', to: 'LastName' }],
  },
  record: (number) => ({ match: `p${number}`, fields: { LastName: `n${number}` } }),
  poison: { match: 'nobody', fields: { LastName: null } },
  held: (state) => state.records.Contact?.size ?? 0,
});
