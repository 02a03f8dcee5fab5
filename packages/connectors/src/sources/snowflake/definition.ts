import { plannerField } from '../../kit/planner-field.ts';
import type { SourceDefinition } from '../../kit/source.ts';
import { plannerCheckName } from '../../kit/sql/planner/planning-source.ts';
import { snowflakeCheckNames } from './check.ts';
import { readSnowflakeSettings, snowflakeFields } from './configuration.ts';
import { snowflakeIcon } from './icon.ts';
import { openSnowflakeSource } from './open-connection.ts';
import { snowflakeSchemaStatements } from './planner/dialect.ts';

/** Reads from a Snowflake account: tables, views and SELECT statements. */
export const snowflakeSource: SourceDefinition = {
  slug: 'snowflake',
  name: 'Snowflake',
  category: 'warehouse',
  description: 'Read tables, views and queries of a Snowflake account.',
  docsUrl: '/docs/sources/snowflake',
  icon: snowflakeIcon,
  oauth: {
    // https://docs.snowflake.com/en/user-guide/oauth-custom (read 2026-11-22)
    provider: 'snowflake',
    name: 'Snowflake',
    // Each account has addresses of its own: the origin is the operator's.
    perAccount: 'https://<account>.snowflakecomputing.com',
    authorizeUrl: 'https://account.snowflakecomputing.com/oauth/authorize',
    tokenUrl: 'https://account.snowflakecomputing.com/oauth/token-request',
    scopes: ['refresh_token'],
    clientAuthentication: 'basic',
  },
  fields: [...snowflakeFields, plannerField(snowflakeSchemaStatements)],
  checks: [...snowflakeCheckNames, plannerCheckName],
  capabilities: { introspect: true, cancel: true, planner: true },
  testedAgainst:
    'Snowflake’s own driver, against a server that speaks its wire over TLS with DuckDB behind it',
  assertConfiguration: readSnowflakeSettings,
  open: openSnowflakeSource,
};
