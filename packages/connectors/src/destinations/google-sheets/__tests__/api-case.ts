import {
  bookId,
  sheetsKeyFile,
  startGoogleSheets,
} from '@sluice/testing/vendors/google-sheets/start-google-sheets';
import { apiCase } from '../../../__tests__/api-case.ts';

export const googleSheetsCase = apiCase({
  start: startGoogleSheets,
  working: (url) => ({ access: 'key', serviceAccountKey: sheetsKeyFile(url), baseUrl: url }),
  wrongCredentials: (url) => ({ access: 'key', serviceAccountKey: sheetsKeyFile(url, true), baseUrl: url }),
  sync: {
    object: `${bookId}/0`,
    mode: 'upsert',
    matchKey: { from: 'id', to: 'id' },
    mappings: [{ type: 'column', from: 'name', to: 'name' }],
  },
  record: (number) => ({ match: `p${number}`, fields: { name: `n${number}` } }),
  poison: { match: 'nobody', fields: { name: 'x'.repeat(50_001) } },
  held: ({ books }) =>
    (books.get(bookId)?.sheets[0]?.cells ?? [])
      .filter((row) => row?.some((cell) => cell !== undefined))
      .slice(1).length,
});
