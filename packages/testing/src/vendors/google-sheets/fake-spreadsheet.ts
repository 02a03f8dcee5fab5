/** What a cell holds; `undefined` = nothing. */
export type FakeValue = string | number | boolean | undefined;

export interface FakeSheet {
  readonly sheetId: number;
  title: string;
  hidden: boolean;
  rows: number;
  columns: number;
  /** By row, then by column; rows and cells that hold nothing may be missing. */
  cells: FakeValue[][];
}

export interface FakeSpreadsheet {
  readonly title: string;
  sheets: FakeSheet[];
}

interface CellData {
  readonly userEnteredValue?: {
    readonly stringValue?: string;
    readonly numberValue?: number;
    readonly boolValue?: boolean;
    readonly formulaValue?: string;
  };
}
interface Range {
  readonly sheetId: number;
  readonly startRowIndex?: number;
  readonly endRowIndex?: number;
  readonly startColumnIndex?: number;
  readonly endColumnIndex?: number;
}
type Rows = readonly { readonly values?: readonly CellData[] }[];

/** One element of `requests`, as far as it is known here. */
export interface FakeChange {
  readonly updateCells?: { start: { sheetId: number; rowIndex?: number; columnIndex?: number }; rows: Rows };
  readonly appendCells?: { sheetId: number; rows: Rows };
  readonly appendDimension?: { sheetId: number; dimension: 'ROWS' | 'COLUMNS'; length: number };
  readonly deleteDimension?: { range: { sheetId: number; startIndex: number; endIndex: number } };
  readonly repeatCell?: { range: Range; cell: CellData };
  readonly copyPaste?: { source: Range; destination: Range };
  readonly addSheet?: {
    properties: {
      title: string;
      hidden?: boolean;
      gridProperties: { rowCount: number; columnCount: number };
    };
  };
  readonly deleteSheet?: { sheetId: number };
}

/** A request that Google refuses, with its words. */
export class Refused extends Error {}

const enteredValue = ({ userEnteredValue: value }: CellData): FakeValue =>
  value?.stringValue ?? value?.numberValue ?? value?.boolValue ?? value?.formulaValue;

/** Carries out one change; throws `Refused`. Answers what stands in `replies`. */
export function applyChange(book: FakeSpreadsheet, change: FakeChange): object {
  const sheet = (id: number): FakeSheet => {
    const found = book.sheets.find(({ sheetId }) => sheetId === id);
    if (!found) throw new Refused(`No grid with id: ${id}`);
    return found;
  };
  if (change.addSheet) return addSheet(book, change.addSheet.properties);
  if (change.deleteSheet) {
    const { sheetId } = sheet(change.deleteSheet.sheetId);
    book.sheets = book.sheets.filter((one) => one.sheetId !== sheetId);
  }
  if (change.appendDimension) {
    const { sheetId, dimension, length } = change.appendDimension;
    sheet(sheetId)[dimension === 'ROWS' ? 'rows' : 'columns'] += length;
  }
  if (change.deleteDimension) {
    const { sheetId, startIndex, endIndex } = change.deleteDimension.range;
    const target = sheet(sheetId);
    if (endIndex > target.rows) throw new Refused('Cannot delete a row that does not exist.');
    const whole = Array.from({ length: target.rows }, (_, row) => target.cells[row] ?? []);
    whole.splice(startIndex, endIndex - startIndex);
    target.cells = whole;
    target.rows -= endIndex - startIndex;
  }
  if (change.updateCells) {
    const { start, rows } = change.updateCells;
    write(sheet(start.sheetId), start.rowIndex ?? 0, start.columnIndex ?? 0, rows);
  }
  if (change.appendCells) {
    const target = sheet(change.appendCells.sheetId);
    const last = target.cells.findLastIndex((row) => row?.some((cell) => cell !== undefined)) + 1;
    target.rows = Math.max(target.rows, last + change.appendCells.rows.length);
    write(target, last, 0, change.appendCells.rows);
  }
  if (change.repeatCell) {
    const { range, cell } = change.repeatCell;
    const target = sheet(range.sheetId);
    const value = enteredValue(cell);
    for (const [row, column] of within(range, target)) put(target, row, column, value);
  }
  if (change.copyPaste) {
    const { source, destination } = change.copyPaste;
    const [from, to] = [sheet(source.sheetId), sheet(destination.sheetId)];
    const down = (destination.startRowIndex ?? 0) - (source.startRowIndex ?? 0);
    const right = (destination.startColumnIndex ?? 0) - (source.startColumnIndex ?? 0);
    for (const [row, column] of within(source, from))
      put(to, row + down, column + right, from.cells[row]?.[column]);
  }
  return {};
}

function addSheet(
  book: FakeSpreadsheet,
  { title, hidden = false, gridProperties }: NonNullable<FakeChange['addSheet']>['properties'],
): object {
  if (book.sheets.some((one) => one.title === title))
    throw new Refused(`A sheet with the name "${title}" already exists.`);
  const sheetId = Math.max(...book.sheets.map((one) => one.sheetId)) + 1000;
  const { rowCount: rows, columnCount: columns } = gridProperties;
  book.sheets.push({ sheetId, title, hidden, rows, columns, cells: [] });
  return { addSheet: { properties: { sheetId, title } } };
}

function write(sheet: FakeSheet, row: number, column: number, rows: Rows): void {
  rows.forEach(({ values = [] }, down) => {
    for (const [right, cell] of values.entries()) put(sheet, row + down, column + right, enteredValue(cell));
  });
}

function put(sheet: FakeSheet, row: number, column: number, value: FakeValue): void {
  if (row >= sheet.rows || column >= sheet.columns)
    throw new Refused(`Range exceeds grid limits. Max rows: ${sheet.rows}, max columns: ${sheet.columns}`);
  sheet.cells[row] ??= [];
  (sheet.cells[row] as FakeValue[])[column] = value;
}

function* within(range: Range, sheet: FakeSheet): Generator<[number, number]> {
  const { startRowIndex = 0, endRowIndex = sheet.rows } = range;
  const { startColumnIndex = 0, endColumnIndex = sheet.columns } = range;
  for (let row = startRowIndex; row < endRowIndex; row += 1)
    for (let column = startColumnIndex; column < endColumnIndex; column += 1) yield [row, column];
}

/** `'Tab'!C1:C100` or `'Tab'!1:1`, by columns, without what is empty at the end. */
export function readRange(book: FakeSpreadsheet, range: string): FakeValue[][] {
  const [, quoted = '', from = '', top = '', to = '', bottom = ''] =
    /^'((?:[^']|'')+)'!([A-Z]*)(\d+):([A-Z]*)(\d+)$/.exec(range) ?? [];
  const sheet = book.sheets.find(({ title }) => title === quoted.replaceAll("''", "'"));
  if (!sheet) throw new Refused(`Unable to parse range: ${range}`);
  const [first, last] = [Number(top) - 1, Number(bottom) - 1];
  if (last >= sheet.rows || letterIndex(to) >= sheet.columns)
    throw new Refused(`Range (${range}) exceeds grid limits.`);
  const begin = from === '' ? 0 : letterIndex(from);
  const end = to === '' ? sheet.columns - 1 : letterIndex(to);
  const columns: FakeValue[][] = [];
  for (let column = begin; column <= end; column += 1) {
    const cells = Array.from({ length: last - first + 1 }, (_, row) => sheet.cells[first + row]?.[column]);
    columns.push(cells.slice(0, cells.findLastIndex((cell) => cell !== undefined) + 1));
  }
  return columns.slice(0, columns.findLastIndex((cells) => cells.length > 0) + 1);
}

const letterIndex = (letters: string): number =>
  [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
