import type { Block } from '../engine.ts';

/**
 * Bytes of rows that go into one statement: a request may have 10 MB at BigQuery, and 16 MiB at Databricks, quotes escaped once more.
 * https://cloud.google.com/bigquery/quotas#query_jobs (read 2026-11-22)
 */
const bytesMax = 7_000_000;

/** Rows that are worth gathering for that. */
export const jsonRowsAtOnce = 50_000;

/** Rows as JSON objects in arrays, each small enough for one statement as a parameter. */
export function jsonRows(columns: readonly string[], rows: Block): string[] {
  const texts: string[] = [];
  let part: string[] = [];
  let bytes = 0;
  for (const row of rows) {
    const text = JSON.stringify(Object.fromEntries(columns.map((name, index) => [name, row[index] ?? null])));
    const size = Buffer.byteLength(text) + 1;
    if (part.length > 0 && bytes + size > bytesMax) {
      texts.push(`[${part.join(',')}]`);
      part = [];
      bytes = 0;
    }
    part.push(text);
    bytes += size;
  }
  if (part.length > 0) texts.push(`[${part.join(',')}]`);
  return texts;
}
