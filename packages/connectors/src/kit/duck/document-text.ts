import { jsonText } from '../sql/canonical.ts';

/** DuckDB's JSON in the one text of all sources. Numbers that are none, which it writes bare, become text. */
export function documentText(text: string): string {
  try {
    return jsonText(text);
  } catch {
    return jsonText(
      text.replace(/"(?:[^"\\]|\\.)*"|-?(?:Infinity|NaN)\b/g, (found) =>
        found.startsWith('"') ? found : `"${found}"`,
      ),
    );
  }
}
