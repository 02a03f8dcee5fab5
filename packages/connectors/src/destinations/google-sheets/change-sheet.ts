import { SluiceError } from '@sluice/domain/error';
import type { ApiAnswer, ApiRequest } from '../../kit/http/api-request.ts';
import { apiPath, jsonText } from '../../kit/http/api-request.ts';
import { RequestFailed } from '../../kit/http/request-failed.ts';
import { type Cell, emptyCell, textCell } from './cell.ts';
import { type Columns, runsOf } from './columns.ts';
import type { Send, Tab } from './place.ts';

/** One change of a spreadsheet, as the API names it, in JSON. */
export type Change = string;
/** A change that holds no cells of rows. */
export const changeOf = (change: Readonly<Record<string, unknown>>): Change => JSON.stringify(change);
/** The cells of a row by the names of their columns. */
export type Cells = Readonly<Record<string, Cell>>;

const fields = 'userEnteredValue';

/**
 * All of the changes or none of them. https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/batchUpdate
 * (2026-11)
 */
export const changeRequest = (spreadsheetId: string, changes: readonly Change[]): ApiRequest => ({
  method: 'POST',
  path: `${apiPath`/v4/spreadsheets/${spreadsheetId}`}:batchUpdate`,
  body: jsonText(`{"requests":[${changes.join(',')}]}`),
});

/** Sends changes. Throws `destination_failed` for a spreadsheet that is full: no row of it is to blame. */
export async function sendChanges(
  send: Send,
  spreadsheetId: string,
  changes: readonly Change[],
  more: Pick<ApiRequest, 'reads'> = {},
): Promise<ApiAnswer> {
  try {
    return await send({ ...changeRequest(spreadsheetId, changes), ...more });
  } catch (thrown) {
    const full =
      thrown instanceof RequestFailed &&
      thrown.failure.kind === 'refused' &&
      thrown.failure.code === 'exceeds_grid_limits';
    if (!full) throw thrown;
    throw new SluiceError(
      'destination_failed',
      'The spreadsheet is full: it holds 10 million cells at most.',
      {
        fix: 'Delete sheets or empty columns of the spreadsheet, or sync fewer rows and columns.',
      },
    );
  }
}

/** Writes headers that are missing, and widens the tab for them. */
export function headerChanges({ sheetId, rows, columns }: Tab, { missing, width }: Columns): Change[] {
  const changes: Change[] = [];
  if (width > columns)
    changes.push(changeOf({ appendDimension: { sheetId, dimension: 'COLUMNS', length: width - columns } }));
  if (rows === 0) changes.push(changeOf({ appendDimension: { sheetId, dimension: 'ROWS', length: 1 } }));
  for (const { name, index } of missing) {
    changes.push(cellChange({ sheetId, rowIndex: 0, columnIndex: index }, [rowOf([textCell(name)])]));
  }
  return changes;
}

/** Writes the cells of one row, which stands at `rowIndex`, and no others. */
export const updateChanges = (sheetId: number, rowIndex: number, cells: Cells, { at }: Columns): Change[] =>
  runsOf(at, Object.keys(cells)).map(({ from, names }) =>
    cellChange({ sheetId, rowIndex, columnIndex: from }, [
      rowOf(names.map((name) => cells[name] ?? emptyCell)),
    ]),
  );

/** A row of cells, in JSON. */
export const rowOf = (cells: readonly Cell[]): string => `{"values":[${cells.join(',')}]}`;

/** Writes rows, each in JSON, from a place on. */
export const cellChange = (
  start: { readonly sheetId: number | null; readonly rowIndex: number; readonly columnIndex: number },
  rows: readonly string[],
): Change =>
  `{"updateCells":{"start":${JSON.stringify(start)},"rows":[${rows.join(',')}],"fields":"${fields}"}}`;

/** Adds rows, each in JSON, after the last one that holds anything. */
export const appendChange = (sheetId: number, rows: readonly string[]): Change =>
  `{"appendCells":{"sheetId":${sheetId},"rows":[${rows.join(',')}],"fields":"${fields}"}}`;

/** The cells of a row where they belong, in JSON. */
export function placedRow(cells: Cells, { at, width }: Columns): string {
  const values: Cell[] = new Array<Cell>(width).fill(emptyCell);
  for (const name in cells) values[at.get(name) ?? 0] = cells[name] ?? emptyCell;
  return rowOf(values);
}

/** Deletes rows from the bottom up, so that none moves before its turn. */
export function deleteChanges(sheetId: number, indexes: readonly number[]): Change[] {
  const spans: { startIndex: number; endIndex: number }[] = [];
  for (const index of [...indexes].sort((a, b) => b - a)) {
    const last = spans.at(-1);
    if (last && last.startIndex === index + 1) last.startIndex = index;
    else spans.push({ startIndex: index, endIndex: index + 1 });
  }
  return spans.map((span) =>
    changeOf({ deleteDimension: { range: { sheetId, dimension: 'ROWS', ...span } } }),
  );
}
