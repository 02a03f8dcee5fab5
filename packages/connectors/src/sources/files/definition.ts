import type { SourceDefinition } from '../../kit/source.ts';
import { filesIcon } from './icon.ts';
import { filesChecks, openFilesSource } from './open-connection.ts';
import { filesFields, readFilesSettings } from './settings.ts';

/** Reads files as if they were tables, with DuckDB inside this process. */
export const filesSource: SourceDefinition = {
  slug: 'files',
  name: 'Files',
  category: 'file',
  description:
    'Query Parquet, CSV and NDJSON files, or a DuckDB database file, in a bucket or at web addresses.',
  docsUrl: '/docs/sources/files',
  icon: filesIcon,
  fields: filesFields,
  checks: filesChecks,
  capabilities: { introspect: true, cancel: true },
  testedAgainst:
    'DuckDB itself, with files from a directory, a web server and a server that speaks the S3 protocol',
  assertConfiguration: readFilesSettings,
  open: openFilesSource,
};
