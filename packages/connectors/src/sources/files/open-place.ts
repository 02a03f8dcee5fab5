import { SluiceError } from '@sluice/domain/error';
import type { ModelQuery } from '@sluice/domain/query';
import type { ConnectContext } from '../../kit/context.ts';
import type { DuckPlace } from '../../kit/duck/session.ts';
import { listFiles, makeFolder } from '../../kit/stored-files/stored-files.ts';
import type { FilesSettings } from './settings.ts';
import { type FileTable, tablesNamed, tablesOf, viewSql } from './tables.ts';

/** Finds the tables of a place. Throws `source_failed` when there is none. */
export async function findTables(settings: FilesSettings, context: ConnectContext): Promise<FileTable[]> {
  const tables = tablesOf(await listFiles(settings.stored, context));
  if (tables.length === 0) {
    throw new SluiceError('source_failed', 'There is no file that Sluice can read.', {
      fix: 'Names end with .csv, .tsv, .ndjson, .jsonl, .json, .parquet or .duckdb; .csv and .json may be packed (.gz).',
    });
  }
  if (tables.length > 1 && tables.some(({ format }) => format === 'duckdb')) {
    throw new SluiceError('source_failed', 'A DuckDB file has to be alone.', {
      fix: 'Make a source of its own for the DuckDB file, and one for the other files.',
    });
  }
  return tables;
}

/** Fetches what a query reads (everything without one) and makes its tables. */
export async function openFilesPlace(
  settings: FilesSettings,
  context: ConnectContext,
  query: ModelQuery | null,
): Promise<DuckPlace> {
  const tables = await findTables(settings, context);
  const folder = await makeFolder();
  try {
    const database = tables.find(({ format }) => format === 'duckdb');
    if (database) {
      const file = (await database.files[0]?.fetch(folder.path)) ?? null;
      return { file, schema: 'main', setUp: [], readable: [], release: folder.remove };
    }
    const setUp: string[] = [];
    const readable: string[] = [];
    for (const table of tablesNamed(tables, query)) {
      const paths: string[] = [];
      for (const file of table.files) paths.push(await file.fetch(folder.path));
      setUp.push(viewSql(table, paths, settings.typed));
      readable.push(...paths);
    }
    return { file: null, schema: 'main', setUp, readable, release: folder.remove };
  } catch (thrown) {
    await folder.remove();
    throw thrown;
  }
}
