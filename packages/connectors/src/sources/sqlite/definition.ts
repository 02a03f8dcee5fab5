import type { SourceDefinition } from '../../kit/source.ts';
import { sqliteIcon } from './icon.ts';
import { openSqliteSource, sqliteChecks } from './open-connection.ts';
import { readSqliteSettings, sqliteFields } from './settings.ts';

/** Reads a database file of SQLite, with the SQLite of Node in a process of its own. */
export const sqliteSource: SourceDefinition = {
  slug: 'sqlite',
  name: 'SQLite',
  category: 'file',
  description: 'Query an SQLite database file in a bucket, at a web address or in a directory of the server.',
  docsUrl: '/docs/sources/sqlite',
  icon: sqliteIcon,
  fields: sqliteFields,
  checks: sqliteChecks,
  capabilities: { introspect: true, cancel: true },
  testedAgainst:
    'SQLite itself, with files from a directory, a web server and a server that speaks the S3 protocol',
  assertConfiguration: readSqliteSettings,
  open: openSqliteSource,
};
