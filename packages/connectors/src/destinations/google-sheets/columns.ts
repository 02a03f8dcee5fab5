import { SluiceError } from '@sluice/domain/error';
import { cellText, readColumns, type Send, type Tab } from './place.ts';

/** Where the mapped columns are. A person's own columns may stand between and beside them. */
export interface Columns {
  /** Index by the text of the header. */
  readonly at: ReadonlyMap<string, number>;
  /** Headers that have to be written, because nobody has yet. */
  readonly missing: readonly { readonly name: string; readonly index: number }[];
  /** Columns that the tab must have. */
  readonly width: number;
}

/** The texts of the first row. */
export const readHeader = async (send: Send, tab: Tab): Promise<string[]> =>
  tab.rows === 0 ? [] : (await readColumns(send, tab, '1:1')).map(([cell]) => cellText(cell));

/**
 * Finds columns by their header, because people move them. Those that nobody has made yet come after the last one.
 * Throws `destination_failed` when `key` is not among the headers of a tab that has some, or is there twice.
 */
export function placeColumns(
  header: readonly string[],
  names: readonly string[],
  key: string | null,
): Columns {
  const at = new Map<string, number>();
  const missing: { name: string; index: number }[] = [];
  const used = header.findLastIndex((text) => text !== '') + 1;
  if (key !== null && used > 0) {
    const found = header.filter((text) => text === key).length;
    if (found !== 1) {
      throw new SluiceError(
        'destination_failed',
        found === 0
          ? `The first row of the sheet has no "${key}", by which rows are found. Its columns are: ${header.filter(Boolean).join(', ').slice(0, 300)}.`
          : `The first row of the sheet has "${key}" ${found} times: nobody knows which is meant.`,
        { fix: `Name exactly one column "${key}", or choose another match key in the sync.` },
      );
    }
  }
  for (const name of names) {
    const index = header.indexOf(name);
    if (index < 0) missing.push({ name, index: used + missing.length });
    at.set(name, index < 0 ? used + missing.length - 1 : index);
  }
  return { at, missing, width: Math.max(...at.values(), 0) + 1 };
}

/** Neighbouring columns, so that a row needs few requests: indexes with the names that stand there. */
export function runsOf(
  at: ReadonlyMap<string, number>,
  names: readonly string[],
): { from: number; names: string[] }[] {
  const sorted = names.map((name) => ({ name, index: at.get(name) ?? 0 })).sort((a, b) => a.index - b.index);
  const runs: { from: number; names: string[] }[] = [];
  for (const { name, index } of sorted) {
    const last = runs.at(-1);
    if (last && last.from + last.names.length === index) last.names.push(name);
    else runs.push({ from: index, names: [name] });
  }
  return runs;
}
