/**
 * A line of CSV as RFC 4180 wants it, without its end. Cells that a spreadsheet would run as a formula are prefixed
 * with an apostrophe, see https://owasp.org/www-community/attacks/CSV_Injection (read November 2026).
 */
export function csvLine(cells: readonly (string | null)[]): string {
  return cells
    .map((cell) => {
      const text = /^[=+\-@\t\r]/.test(cell ?? '') ? `'${cell}` : (cell ?? '');
      return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(',');
}
