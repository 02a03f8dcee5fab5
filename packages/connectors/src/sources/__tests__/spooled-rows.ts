import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelQuery } from '@sluice/domain/query';
import type { SourceConnection, SpooledResult } from '../../kit/source.ts';

export const sql = (text: string): ModelQuery => ({ queryType: 'raw_sql', sql: text });

export const spoolPath = (): string => join(tmpdir(), `sluice-spool-${randomUUID()}.csv`);

export type Spooled = SpooledResult & { cells: (string | null)[][] };

/** Spools a query and reads the file back; `null` for NULL. */
export async function spooledRows(source: SourceConnection, query: ModelQuery): Promise<Spooled> {
  const path = spoolPath();
  try {
    const result = await source.spool(query, path, () => {});
    const text = await readFile(path, 'utf8');
    return { ...result, cells: readCsv(text) };
  } finally {
    await rm(path, { force: true });
  }
}

/** The canonical spool form and nothing else: throws where the text deviates from it. */
export function readCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  let at = 0;
  while (at < text.length) {
    const field = /"((?:[^"]|"")*)"|([^",\n]*)/y;
    field.lastIndex = at;
    const [all, quoted, plain] = field.exec(text) ?? [];
    if (all === undefined) throw new Error(`not a field at ${at}`);
    row.push(quoted === undefined ? plain || null : quoted.replaceAll('""', '"'));
    at += all.length;
    const end = text[at];
    if (end !== ',' && end !== '\n') throw new Error(`neither comma nor line end at ${at}`);
    if (end === '\n') {
      rows.push(row);
      row = [];
    }
    at++;
  }
  return rows;
}
