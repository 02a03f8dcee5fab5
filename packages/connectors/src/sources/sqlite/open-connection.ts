import { type CheckFinding, type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import type { Configuration, SourceConnection } from '../../kit/source.ts';
import { createSqlSource } from '../../kit/sql/sql-source.ts';
import { sqliteDialect } from './dialect.ts';
import { findFile } from './find-file.ts';
import { openSqliteSession } from './open-session.ts';
import { readSqliteSettings } from './settings.ts';

export const sqliteChecks: CheckNames = [
  { name: 'find', label: 'Find the file' },
  { name: 'read', label: 'Read tables' },
];

/** Throws `input_invalid` for incomplete settings. */
export function openSqliteSource(configuration: Configuration, context: ConnectContext): SourceConnection {
  const settings = readSqliteSettings(configuration);
  const find = async (): Promise<CheckFinding> => {
    const { name } = await findFile(settings, context);
    return { status: 'passed', message: `The database file is ${name}.` };
  };
  const read = async (): Promise<CheckFinding> => {
    const tables = await source.introspect();
    if (tables.length > 0)
      return { status: 'passed', message: `${tables.length} tables and views can be read.` };
    return {
      status: 'warning',
      message: 'The database has no tables.',
      fix: 'Check that it is the right file; a new file is an empty database.',
    };
  };
  const source = createSqlSource(
    { dialect: sqliteDialect, open: (on) => openSqliteSession(settings, on) },
    context,
    () => runChecks(sqliteChecks, { find, read }, context.signal),
  );
  return source;
}
