import { SluiceError } from '@sluice/domain/error';
import type { ApiAnswer, ApiRequest } from '../../kit/http/api-request.ts';
import { apiPath } from '../../kit/http/api-request.ts';
import { valueAtPath } from '../../kit/http/value-at-path.ts';

/** A tab of a spreadsheet: what a sync writes to. */
export interface Place {
  readonly spreadsheetId: string;
  readonly sheetId: number;
}

/** A tab as it is now. */
export interface Tab extends Place {
  readonly title: string;
  readonly rows: number;
  readonly columns: number;
}

/** Sends a request of a check or of a delivery. */
export type Send = (request: ApiRequest) => Promise<ApiAnswer>;

export const placeId = ({ spreadsheetId, sheetId }: Place): string => `${spreadsheetId}/${sheetId}`;

export function parsePlace(id: string): Place | null {
  const [, spreadsheetId, sheetId] = /^([\w-]{10,})\/(\d+)$/.exec(id) ?? [];
  return spreadsheetId === undefined ? null : { spreadsheetId, sheetId: Number(sheetId) };
}

/** The tabs of a spreadsheet with its title. Throws `destination_object_missing`. */
export async function readTabs(send: Send, spreadsheetId: string): Promise<{ title: string; tabs: Tab[] }> {
  const { body } = await send({
    method: 'GET',
    path: apiPath`/v4/spreadsheets/${spreadsheetId}`,
    query: { fields: 'properties.title,sheets.properties' },
    reads: true,
  });
  const sheets = valueAtPath(body, 'sheets');
  const tabs = (Array.isArray(sheets) ? (sheets as unknown[]) : [])
    // Charts that fill a tab have no cells.
    .filter((sheet) => (valueAtPath(sheet, 'properties.sheetType') ?? 'GRID') === 'GRID')
    .map(
      (sheet): Tab => ({
        spreadsheetId,
        sheetId: Number(valueAtPath(sheet, 'properties.sheetId') ?? 0),
        title: String(valueAtPath(sheet, 'properties.title')),
        rows: Number(valueAtPath(sheet, 'properties.gridProperties.rowCount') ?? 0),
        columns: Number(valueAtPath(sheet, 'properties.gridProperties.columnCount') ?? 0),
      }),
    );
  return { title: String(valueAtPath(body, 'properties.title')), tabs };
}

/** One tab by its number: people rename them. Throws `destination_object_missing`. */
export async function readTab(send: Send, place: Place): Promise<Tab> {
  const { title, tabs } = await readTabs(send, place.spreadsheetId);
  const tab = tabs.find(({ sheetId }) => sheetId === place.sheetId);
  if (tab) return tab;
  throw new SluiceError(
    'destination_object_missing',
    `The spreadsheet "${title}" has no such sheet any more.`,
    {
      fix: 'Choose another sheet in the sync.',
    },
  );
}

/** Cells of a tab, column by column; `C1:C100`. Empty ones at the end are left out. */
export async function readColumns(send: Send, tab: Tab, range: string): Promise<unknown[][]> {
  const a1 = `'${tab.title.replaceAll("'", "''")}'!${range}`;
  const { body } = await send({
    method: 'GET',
    path: apiPath`/v4/spreadsheets/${tab.spreadsheetId}/values/${a1}`,
    query: { majorDimension: 'COLUMNS', valueRenderOption: 'UNFORMATTED_VALUE' },
    answerBytesMax: 32 * 1024 * 1024,
    reads: true,
  });
  const values = valueAtPath(body, 'values');
  return Array.isArray(values) ? (values as unknown[][]) : [];
}

/** `0` is A, `26` is AA. */
export function columnLetters(index: number): string {
  const rest = Math.floor(index / 26) - 1;
  return (rest < 0 ? '' : columnLetters(rest)) + String.fromCharCode(65 + (index % 26));
}

/** A cell's value as text, as match values are compared. */
export const cellText = (value: unknown): string =>
  value === undefined || value === null ? '' : String(value).trim();
