/** What labels may be made of: https://cloud.google.com/bigquery/docs/labels-intro#requirements (read 2026-11-22) */
const name = /^[a-z][a-z0-9_-]{0,62}$/;
const value = /^[a-z0-9_-]{0,63}$/;

/** Reads `team=data, env=prod`. `null` for what BigQuery would not take. */
export function readLabels(text: string): Record<string, string> | null {
  const labels: Record<string, string> = {};
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue;
    const [key = '', ...rest] = part.split('=').map((one) => one.trim());
    if (!name.test(key) || rest.length !== 1 || !value.test(rest[0] ?? '')) return null;
    labels[key] = rest[0] ?? '';
  }
  return labels;
}

/** Any text as a label's value: `sluice run 42` → `sluice-run-42`. */
export const labelValue = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .slice(0, 63);
