import type { DestinationDefinition } from '../../kit/destination.ts';
import { baseUrlField } from '../../kit/http/base-url.ts';
import { checks } from './check.ts';
import { scopes } from './client.ts';
import { presetUrl, readConfiguration } from './configuration.ts';
import { batch } from './objects/sheet.ts';
import { openConnection } from './open-connection.ts';

const limits = '60 reads and 60 writes / min; 10 million cells in a spreadsheet';

/** Sheets of Google spreadsheets. */
export const googleSheetsDestination: DestinationDefinition = {
  slug: 'google-sheets',
  name: 'Google Sheets',
  category: 'file',
  description: 'Keep a sheet equal to a model, row by row or written anew; your own columns beside it stay.',
  docsUrl: '/docs/destinations/google-sheets',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect x="2" y="2" width="20" height="20" rx="6" fill="#188038"/><rect x="6.5" y="6.5" width="11" height="11" rx="1.5" fill="none" stroke="#fff" stroke-width="1.6"/><path d="M6.5 10.3h11M6.5 13.9h11M11 10.3v7" stroke="#fff" stroke-width="1.6"/></svg>',
  oauth: {
    // https://developers.google.com/identity/protocols/oauth2/web-server (2026-11)
    provider: 'google',
    name: 'Google',
    authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    scopes,
    // Without both, Google gives a token that ends in an hour and no way to renew it.
    authorizeQuery: { access_type: 'offline', prompt: 'consent' },
    clientAuthentication: 'body',
  },
  fields: [
    {
      name: 'access',
      label: 'Access',
      kind: 'select',
      help: 'A service account, with whom you share the spreadsheet, or the access of whoever signs in now.',
      secret: false,
      required: true,
      default: 'key',
      options: [
        { value: 'key', label: 'Service account' },
        { value: 'oauth', label: 'Sign in at Google' },
      ],
    },
    {
      name: 'grant',
      label: 'Google account',
      kind: 'grant',
      help: 'Opens Google in a new tab. Sluice may then write the spreadsheets that this account may edit.',
      secret: false,
      required: true,
      visibleWhen: { field: 'access', values: ['oauth'] },
    },
    {
      name: 'serviceAccountKey',
      label: 'Service account key',
      kind: 'textarea',
      help: 'The JSON file of a key, from the Google Cloud console. Share the spreadsheet with its client_email as an editor.',
      placeholder: '{ "type": "service_account", … }',
      secret: true,
      required: true,
      visibleWhen: { field: 'access', values: ['key'] },
    },
    {
      name: 'spreadsheet',
      label: 'Spreadsheet',
      kind: 'text',
      help: 'Address of the only spreadsheet that syncs may write to. Left empty, the 30 that were changed last are offered.',
      placeholder: 'https://docs.google.com/spreadsheets/d/…',
      secret: false,
      required: false,
      namesPlace: true,
    },
    baseUrlField(presetUrl),
  ],
  checks,
  writes: [
    {
      object: 'A sheet, row by row',
      modes: ['upsert', 'update', 'mirror'],
      matchKeys: 'any column that tells rows apart',
      batch,
      limits,
    },
    {
      object: 'A sheet, rows at its end',
      modes: ['insert'],
      matchKeys: 'none',
      batch,
      limits,
    },
    { object: 'A sheet, written anew', modes: ['all'], matchKeys: 'none', batch, limits },
  ],
  testedAgainst: 'a fake with cells and limits; requests for sheets judged by Google’s own description',
  assertConfiguration: readConfiguration,
  open: openConnection,
};
