import { plainText } from './plain-text.ts';

/** Lines of a table with a head, columns as wide as their widest cell; `null` shows as a dash. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string[] {
  const text = [head, ...rows.map((row) => row.map((cell) => plainText(String(cell ?? '–'))))];
  const widths = head.map((_, column) => Math.max(...text.map((row) => row[column]?.length ?? 0)));
  return text.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
