import type { SchemaTable } from '@sluice/domain/connector';
import { type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { createDuckSource } from '../../kit/duck/duck-source.ts';
import { type DuckSession, inDuckSession } from '../../kit/duck/session.ts';
import type { Configuration, SourceConnection } from '../../kit/source.ts';
import { findTables, openFilesPlace } from './open-place.ts';
import { readFilesSettings } from './settings.ts';

export const filesChecks: CheckNames = [
  { name: 'list', label: 'Find files' },
  { name: 'read', label: 'Read tables' },
];

/** Throws `input_invalid` for incomplete settings. */
export function openFilesSource(configuration: Configuration, context: ConnectContext): SourceConnection {
  const settings = readFilesSettings(configuration);
  const open = (query: Parameters<typeof openFilesPlace>[2]) => openFilesPlace(settings, context, query);
  const list = async () => {
    const tables = await findTables(settings, context);
    const files = tables.reduce((sum, table) => sum + table.files.length, 0);
    return {
      status: 'passed' as const,
      message: `${counted(files, 'file')}, ${counted(tables.length, 'table')}.`,
    };
  };
  const read = async () => {
    const limits = { totalMs: context.timeouts.requestMs };
    const tables = await inDuckSession(() => open(null), context, limits, introspect);
    const columns = tables.reduce((sum, table) => sum + table.columns.length, 0);
    return {
      status: 'passed' as const,
      message: `${counted(tables.length, 'table')} with ${counted(columns, 'column')}.`,
    };
  };
  const check = () => runChecks(filesChecks, { list, read }, context.signal);
  return createDuckSource({ open, check, introspect }, context);
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Tables and views, of a DuckDB file or made of files. Keys are known of DuckDB files only. */
async function introspect({ rows }: DuckSession): Promise<SchemaTable[]> {
  const keys = new Set(
    (
      await rows(
        `SELECT schema_name, table_name, unnest(constraint_column_names) FROM duckdb_constraints()
         WHERE constraint_type = 'PRIMARY KEY'`,
      )
    ).map((key) => key.join('\0')),
  );
  const views = new Set(
    (await rows('SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal')).map((view) =>
      view.join('\0'),
    ),
  );
  const files = views.size > 0 && keys.size === 0;
  const tables = new Map<string, SchemaTable>();
  const columns = await rows(
    'SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY 1, 2, column_index',
  );
  for (const [schema = '', name = '', column = '', type] of columns as string[][]) {
    const id = `${schema}\0${name}`;
    const kind = views.has(id) && !files ? 'view' : 'table';
    const table = tables.get(id) ?? { schema, name, kind, columns: [] };
    const primaryKey = keys.has(`${id}\0${column}`);
    tables.set(id, {
      ...table,
      columns: [...table.columns, { name: column, nativeType: type ?? 'unknown', primaryKey }],
    });
  }
  return [...tables.values()].slice(0, 10_000);
}
