import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { ModelQuery } from '@sluice/domain/query';
import type { SourceConnection, SpooledResult } from '../../kit/source.ts';
import { canonicalSql, type SpoolForm } from '../../kit/spool-form.ts';

export const sql = (text: string): ModelQuery => ({ queryType: 'raw_sql', sql: text });

export const spoolPath = (): string => join(tmpdir(), `sluice-spool-${randomUUID()}.csv`);

export type Spooled = SpooledResult & { cells: (string | null)[][] };

/** Spools a query and reads the file back; `null` for NULL. */
export async function spooledRows(source: SourceConnection, query: ModelQuery): Promise<Spooled> {
  const path = spoolPath();
  try {
    const result = await source.spool(query, path, () => {});
    const text = await readFile(path, 'utf8');
    return { ...result, cells: await canonicalCells(readCsv(text), result.forms ?? []) };
  } finally {
    await rm(path, { force: true });
  }
}

/** What the engine reads: canonical text of cells, whatever form their column was spooled in. */
async function canonicalCells(
  cells: (string | null)[][],
  forms: readonly SpoolForm[],
): Promise<(string | null)[][]> {
  const written = forms.flatMap((form, index) => (form === 'canonical' ? [] : [{ form, index }]));
  if (written.length === 0 || cells.length === 0) return cells;
  const duck = await DuckDBInstance.create(':memory:');
  const connection = await duck.connect();
  try {
    const literal = (cell: string | null | undefined): string =>
      typeof cell === 'string' ? `'${cell.replaceAll("'", "''")}'` : 'NULL::VARCHAR';
    const rows = cells.map((row, place) => {
      return `(${[place, ...written.map(({ index }) => literal(row[index]))].join(', ')})`;
    });
    const texts = written.map(({ form, index }) => canonicalSql(form, `c${index}`));
    const made = await connection.runAndReadAll(`
      SELECT ${texts.join(', ')}
      FROM (VALUES ${rows.join(', ')}) AS t (place, ${written.map(({ index }) => `c${index}`).join(', ')}) ORDER BY place`);
    const canonical = made.getRowsJS() as (string | null)[][];
    return cells.map((row, place) =>
      row.map((cell, index) => {
        const at = written.findIndex((one) => one.index === index);
        return at < 0 ? cell : (canonical[place]?.[at] ?? null);
      }),
    );
  } finally {
    connection.closeSync();
    duck.closeSync();
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
