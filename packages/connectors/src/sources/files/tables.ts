import { SluiceError } from '@sluice/domain/error';
import type { ModelQuery } from '@sluice/domain/query';
import { duckText } from '../../kit/duck/session.ts';
import { quoteIdentifier } from '../../kit/sql-identifier.ts';
import type { StoredFile } from '../../kit/stored-files/stored-files.ts';

export type FileFormat = 'csv' | 'ndjson' | 'parquet' | 'duckdb';

/** Files that are read as one table. */
export interface FileTable {
  readonly name: string;
  readonly format: FileFormat;
  readonly files: readonly StoredFile[];
}

const formats: readonly (readonly [RegExp, FileFormat])[] = [
  [/\.(csv|tsv|txt)(\.gz)?$/i, 'csv'],
  [/\.(ndjson|jsonl|json)(\.gz)?$/i, 'ndjson'],
  [/\.(parquet|pq)$/i, 'parquet'],
  [/\.(duckdb|ddb)$/i, 'duckdb'],
];

/**
 * The tables that files make: each file at the top is one, and so is each folder with all files below it. Files of other
 * kinds are passed over. Throws `source_failed` where two tables have one name or a folder mixes kinds.
 */
export function tablesOf(files: readonly StoredFile[]): FileTable[] {
  const tables = new Map<string, FileTable>();
  for (const file of files) {
    const [pattern, format] = formats.find(([ending]) => ending.test(file.name)) ?? [];
    if (!pattern || !format) continue;
    const [top = '', ...below] = file.name.split('/');
    const name = below.length > 0 ? top : top.replace(pattern, '');
    const known = tables.get(name);
    if (
      known &&
      (below.length === 0 || known.format !== format || known.files[0]?.name.includes('/') === false)
    ) {
      throw new SluiceError(
        'source_failed',
        `Several files or kinds of files would be the table "${name}".`,
        {
          fix: 'Give files at the top names of their own, and keep one kind of files in a folder.',
        },
      );
    }
    tables.set(name, { name, format, files: [...(known?.files ?? []), file] });
  }
  return [...tables.values()];
}

/** The tables that a query may read: those whose names stand in it; all where there is no query, or no name in it. */
export function tablesNamed(tables: readonly FileTable[], query: ModelQuery | null): readonly FileTable[] {
  if (query === null) return tables;
  if (query.queryType === 'table') return tables.filter(({ name }) => name === query.table);
  const text = query.sql.toLowerCase();
  const named = tables.filter(({ name }) => text.includes(name.toLowerCase().replaceAll('"', '""')));
  return named.length > 0 ? named : tables;
}

/** SQL that makes a table of files which are on this machine. */
export function viewSql(table: FileTable, paths: readonly string[], typed: boolean): string {
  const list = `[${paths.map(duckText).join(', ')}]`;
  const union = paths.length > 1 ? ', union_by_name = true' : '';
  return `CREATE VIEW main.${quoteIdentifier(table.name)} AS SELECT * FROM ${reader(table.format, list, union, typed)}`;
}

function reader(format: FileFormat, list: string, union: string, typed: boolean): string {
  if (format === 'parquet') return `read_parquet(${list}${union})`;
  if (format === 'ndjson') {
    // From the whole file, so that a run never meets a type that the first lines did not show.
    return `read_json(${list}, format = 'auto', sample_size = -1${union})`;
  }
  const types = typed ? 'sample_size = -1' : 'all_varchar = true';
  // A field in quotes is text, also when it is empty; without them nothing stands there.
  return `read_csv(${list}, header = true, ${types}, allow_quoted_nulls = false, max_line_size = 4194304${union})`;
}
