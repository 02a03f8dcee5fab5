import type { SourceDefinition } from '../../kit/source.ts';
import { clickHouseCheckNames } from './check.ts';
import { clickHouseIcon } from './icon.ts';
import { openClickHouseSource } from './open-connection.ts';
import { clickHouseFields, readClickHouseSettings } from './settings.ts';

/** Reads from a ClickHouse server or service: tables, views and SELECT statements. */
export const clickHouseSource: SourceDefinition = {
  slug: 'clickhouse',
  name: 'ClickHouse',
  category: 'warehouse',
  description: 'Read tables, views and queries of ClickHouse 23.8 or newer, or of ClickHouse Cloud.',
  docsUrl: '/docs/sources/clickhouse',
  icon: clickHouseIcon,
  fields: clickHouseFields,
  checks: clickHouseCheckNames,
  capabilities: { introspect: true, cancel: true },
  testedAgainst:
    'ClickHouse’s own client, against a server that speaks its HTTP interface with DuckDB behind it, and answers recorded from ClickHouse 26.7',
  assertConfiguration: readClickHouseSettings,
  open: openClickHouseSource,
};
