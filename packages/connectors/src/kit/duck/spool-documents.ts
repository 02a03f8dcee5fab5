import type { DuckDBConnection } from '@duckdb/node-api';
import type { SpooledResult } from '../source.ts';
import { openSpoolWriter } from '../sql/spool-writer.ts';
import type { DescribedStatement } from './describe-statement.ts';
import { documentText } from './document-text.ts';

/**
 * Spools a result with documents: these are written in one order of their keys, which DuckDB cannot do, so its rows pass
 * through this process. Results without documents go to the file straight away, which is faster.
 */
export async function spoolDocuments(
  connection: DuckDBConnection,
  { columns, texts, subquery }: DescribedStatement,
  path: string,
  onProgress: (rows: number) => void,
): Promise<SpooledResult> {
  // The binding takes a byte order mark off the beginning of a text (1.5.6), so something else stands there.
  const cells = texts.map((text) => `'_' || ${text}`);
  const documents = columns.map(({ type }) => type === 'json' || type === 'array');
  const result = await connection.stream(`SELECT ${cells.join(', ')} FROM ${subquery}`);
  const writer = await openSpoolWriter(path);
  let seen = 0;
  const cellOf = (cell: unknown, index: number): string | null => {
    if (cell === null) return null;
    const text = String(cell).slice(1);
    return documents[index] ? documentText(text) : text;
  };
  try {
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      await writer.write(chunk.getRows().map((row) => row.map(cellOf)));
      seen += chunk.rowCount;
      onProgress(seen);
    }
    return { columns, ...(await writer.finish()) };
  } finally {
    await writer.close();
  }
}
