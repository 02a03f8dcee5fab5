import { SluiceError } from '@sluice/domain/error';
import type { ApiObject } from '../../kit/http/api-object.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';
import type { SheetsClients } from './client.ts';
import { sheet } from './objects/sheet.ts';
import { readTabs } from './place.ts';

/** Each of them has to be asked for its sheets, and Google takes 60 questions in a minute. */
const spreadsheetsMax = 30;

/** The sheets of the chosen spreadsheet, or of those that the account has changed last. */
export async function listSheets(
  { sheets, drive }: SheetsClients,
  spreadsheetId: string | null,
): Promise<ApiObject[]> {
  const ids = spreadsheetId === null ? await listSpreadsheets(drive) : [spreadsheetId];
  const objects: ApiObject[] = [];
  for (const id of ids) {
    const { title, tabs } = await readTabs((request) => sheets.read(request), id).catch((thrown: unknown) => {
      // It may be gone, or not ours any more, since Drive listed it.
      if (spreadsheetId !== null || !(thrown instanceof SluiceError) || !isGone(thrown)) throw thrown;
      return { title: '', tabs: [] };
    });
    objects.push(...tabs.map((tab) => sheet(tab, `${title}: ${tab.title}`)));
  }
  return objects;
}

const isGone = ({ code }: SluiceError): boolean =>
  code === 'destination_object_missing' || code === 'destination_permission';

/** https://developers.google.com/drive/api/reference/rest/v3/files/list (2026-11) */
export async function listSpreadsheets(drive: SheetsClients['drive']): Promise<string[]> {
  const { body } = await drive.read({
    method: 'GET',
    path: '/drive/v3/files',
    query: {
      q: "mimeType = 'application/vnd.google-apps.spreadsheet' and trashed = false",
      orderBy: 'modifiedTime desc',
      pageSize: spreadsheetsMax,
      fields: 'files(id,name)',
      supportsAllDrives: true,
      includeItemsFromAllDrives: true,
    },
  });
  const files = valueAtPath(body, 'files');
  return (Array.isArray(files) ? (files as unknown[]) : []).map((file) => String(valueAtPath(file, 'id')));
}
