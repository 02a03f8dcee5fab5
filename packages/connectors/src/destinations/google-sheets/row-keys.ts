import { cellText, columnLetters, readColumns, type Send, type Tab } from './place.ts';

/** Rows of a key column that are read at once. */
const rowsMax = 100_000;

/** Where rows are, by the text of their key: one place, or several that share a key. `header` is what the first row says. */
export async function readKeys(
  send: Send,
  tab: Tab,
  column: number,
): Promise<{ header: string; rows: Map<string, number[]> }> {
  const letters = columnLetters(column);
  const rows = new Map<string, number[]>();
  let header = '';
  if (column >= tab.columns) return { header, rows };
  for (let from = 0; from < tab.rows; from += rowsMax) {
    const to = Math.min(from + rowsMax, tab.rows);
    const [cells = []] = await readColumns(send, tab, `${letters}${from + 1}:${letters}${to}`);
    cells.forEach((cell, index) => {
      const text = cellText(cell);
      if (from + index === 0) header = text;
      else if (text !== '') {
        const known = rows.get(text);
        if (known) known.push(from + index);
        else rows.set(text, [from + index]);
      }
    });
  }
  return { header, rows };
}
