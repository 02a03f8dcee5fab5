import type { SourceDefinition } from '../../kit/source.ts';
import { exampleCheckNames } from './check.ts';
import { exampleFields, readExampleSettings } from './configuration.ts';
import { openExampleSource } from './open-connection.ts';

/** What it is, in one sentence. */
export const exampleSource: SourceDefinition = {
  slug: 'example',
  name: 'Example Warehouse',
  category: 'warehouse',
  description: 'Read tables, views and queries of Example Warehouse.',
  docsUrl: '/docs/sources/example',
  // Our own drawing, never a trademark.
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"><path d="M4 9l8-5 8 5v10H4z"/></svg>',
  fields: exampleFields,
  checks: exampleCheckNames,
  capabilities: { introspect: true, cancel: true },
  testedAgainst: 'a server that speaks its protocol, with DuckDB behind it',
  assertConfiguration: readExampleSettings,
  open: openExampleSource,
};
