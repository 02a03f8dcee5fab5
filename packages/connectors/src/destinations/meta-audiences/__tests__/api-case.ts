import { metaKeys, startMetaAudiences } from '@sluice/testing/vendors/meta-audiences/start-meta-audiences';
import { apiCase } from '../../../__tests__/api-case.ts';

export const metaAudiencesCase = apiCase({
  start: startMetaAudiences,
  working: (url) => ({ ...metaKeys, baseUrl: url }),
  wrongCredentials: (url) => ({ ...metaKeys, accessToken: 'EAABnotthetoken', baseUrl: url }),
  sync: {
    object: '101',
    mode: 'segment',
    mappings: [{ type: 'column', from: 'name', to: 'EXTERN_ID' }],
  },
  record: (number) => ({ match: null, fields: { EXTERN_ID: `n${number}` }, row: { name: `n${number}` } }),
  poison: { match: null, fields: { EXTERN_ID: ' ' }, row: { name: ' ' } },
  held: (state) => state.audiences.get('101')?.members.size ?? 0,
});
