/** Cells as a line of CSV. https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/datafiles_csv_preparing.htm (2026-11) */
export const csvLine = (cells: readonly string[]): string => cells.map(csvCell).join(',');

/** What a cell must not hold as it is. */
const special = /[",\r\n]|^\s|\s$/;

export const csvCell = (text: string): string =>
  special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** The first cell of a line, which stands for the whole of it where it is the key. */
export const firstCell = (line: string): string => cellText(line, 0, cellEnd(line, 0));

/** The rows of a CSV text as Salesforce writes it: quoted cells, doubled quotes, line feeds inside quotes. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (let at = 0; at < text.length; ) {
    const row: string[] = [];
    at = eachCell(text, at, (column, from, to) => {
      row[column] = cellText(text, from, to);
    });
    rows.push(row);
  }
  return rows;
}

/**
 * Some columns of a CSV text whose first row names them, in the order of `names`; empty where the text has no such column.
 * Other cells are not made: of wide results few are needed.
 */
export function readColumns(text: string, names: readonly string[]): string[][] {
  const places: number[] = [];
  let at = eachCell(text, 0, (_, from, to) => {
    places.push(names.indexOf(cellText(text, from, to)));
  });
  const rows: string[][] = [];
  while (at < text.length) {
    const row = names.map(() => '');
    at = eachCell(text, at, (column, from, to) => {
      const place = places[column] ?? -1;
      if (place >= 0) row[place] = cellText(text, from, to);
    });
    rows.push(row);
  }
  return rows;
}

const quote = 34;
const comma = 44;
const lineFeed = 10;
const carriageReturn = 13;

/** Tells where the cells of the row are that begins at `at`; answers where the next row begins. */
function eachCell(
  text: string,
  at: number,
  tell: (column: number, from: number, to: number) => void,
): number {
  let from = at;
  for (let column = 0; ; column += 1) {
    const to = cellEnd(text, from);
    tell(column, from, to);
    if (text.charCodeAt(to) === comma) {
      from = to + 1;
      continue;
    }
    return text.charCodeAt(to) === carriageReturn ? to + 2 : to + 1;
  }
}

/** Where the cell that begins at `at` ends: its comma, the end of its line, or that of the text. */
function cellEnd(text: string, at: number): number {
  let end = at;
  if (text.charCodeAt(at) === quote) {
    end = text.indexOf('"', at + 1);
    while (end >= 0 && text.charCodeAt(end + 1) === quote) end = text.indexOf('"', end + 2);
    return end < 0 ? text.length : end + 1;
  }
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === comma || code === lineFeed || code === carriageReturn) break;
  }
  return end;
}

function cellText(text: string, from: number, to: number): string {
  if (text.charCodeAt(from) !== quote) return text.slice(from, to);
  const closed = to - 1 > from && text.charCodeAt(to - 1) === quote;
  const inner = text.slice(from + 1, closed ? to - 1 : to);
  return inner.includes('"') ? inner.replaceAll('""', '"') : inner;
}
