import type { Value } from '@sluice/domain/column';

/** A value in one line, as tables show it; `null` stays null, so that NULL can be shown as such. */
export function valueText(value: Value | undefined): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? jsonText(value) : String(value);
}

/** A body as sent or received: JSON is indented, everything else stays as it is. */
export function bodyText(body: string): string {
  const text = body.trim();
  // Digits that a double cannot hold would change by parsing: then the raw text is the truth.
  if (!/^[[{]/.test(text) || text.length > 200_000 || /\d{16}/.test(text)) return body;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return body;
  }
}

function jsonText(value: Value): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}
