import type { ConnectContext } from '../../kit/context.ts';
import type { DestinationConnection } from '../../kit/destination.ts';
import { openApiConnection } from '../../kit/http/api-connection.ts';
import type { Configuration } from '../../kit/source.ts';
import { check } from './check.ts';
import { createClients, type SheetsClients } from './client.ts';
import { readConfiguration } from './configuration.ts';
import { listSheets } from './list-sheets.ts';
import { sheet } from './objects/sheet.ts';
import { parsePlace } from './place.ts';
import { rewriteSheet } from './rewrite-sheet.ts';

/** A use of the spreadsheets of a Google account. */
export function openConnection(configuration: Configuration, context: ConnectContext): DestinationConnection {
  const settings = () => readConfiguration(configuration);
  let opened: SheetsClients | null = null;
  const clients = (): SheetsClients => {
    opened ??= createClients(settings(), context);
    return opened;
  };
  const connection = openApiConnection({
    vendor: 'Google Sheets',
    client: () => clients().sheets,
    check: () => check(settings, clients, context),
    objects: () => listSheets(clients(), settings().spreadsheetId),
    objectOf(id) {
      const place = parsePlace(id);
      return place && sheet(place, id);
    },
  });
  return {
    ...connection,
    // A model without rows empties the sheet.
    writesEmptyFiles: ({ mode }) => mode === 'all',
    async writer(sync, variables = {}) {
      const writer = await connection.writer(sync, variables);
      const place = parsePlace(sync.object);
      if (sync.mode !== 'all' || !place) return writer;
      const syncId = String(variables['sync-id'] ?? '');
      return { ...writer, files: rewriteSheet(clients().sheets, place, sync, syncId) };
    },
  };
}
