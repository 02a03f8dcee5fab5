import { plannerField } from '../../kit/planner-field.ts';
import type { SourceDefinition } from '../../kit/source.ts';
import { plannerCheckName } from '../../kit/sql/planner/planning-source.ts';
import { bigqueryScope } from './access.ts';
import { bigqueryCheckNames } from './check.ts';
import { readBigQuerySettings } from './configuration.ts';
import { bigqueryFields } from './fields.ts';
import { bigqueryIcon } from './icon.ts';
import { openBigQuerySource } from './open-connection.ts';
import { bigquerySchemaStatements } from './planner/dialect.ts';

/** Reads from Google BigQuery: tables, views and SELECT statements. */
export const bigquerySource: SourceDefinition = {
  slug: 'bigquery',
  name: 'BigQuery',
  category: 'warehouse',
  description: 'Read tables, views and queries of Google BigQuery.',
  docsUrl: '/docs/sources/bigquery',
  icon: bigqueryIcon,
  oauth: {
    // https://developers.google.com/identity/protocols/oauth2/web-server (read 2026-11-22)
    provider: 'google',
    name: 'Google',
    authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    scopes: [bigqueryScope],
    // Without both, Google gives a token that ends in an hour and no way to renew it.
    authorizeQuery: { access_type: 'offline', prompt: 'consent' },
    clientAuthentication: 'body',
  },
  fields: [...bigqueryFields, plannerField(bigquerySchemaStatements, '`')],
  checks: [...bigqueryCheckNames, plannerCheckName],
  capabilities: { introspect: true, cancel: true, estimate: true, planner: true },
  testedAgainst:
    'a server that speaks the REST API, to which Google’s own client speaks too; each request judged by Google’s description of it',
  assertConfiguration: readBigQuerySettings,
  open: openBigQuerySource,
};
