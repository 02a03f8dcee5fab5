import type { CheckResult } from '@sluice/domain/connector';
import { SluiceError } from '@sluice/domain/error';
import { escapeIdentifier } from 'pg';
import { type CheckFinding, type CheckNames, runChecks } from '../../kit/checks.ts';
import type { ConnectContext } from '../../kit/context.ts';
import { createPgChecks, pgCheckNames } from '../../kit/pg-checks.ts';
import type { PgSession } from '../../kit/pg-connection.ts';
import type { PgSettings } from '../../kit/pg-settings.ts';

export const checks: CheckNames = [...pgCheckNames, { name: 'write', label: 'Write to a table' }];

/** Runs the checks of a destination, the last of which says what the user may write, without writing. */
export async function* check(
  readSettings: () => PgSettings,
  context: ConnectContext,
): AsyncIterable<CheckResult> {
  const settings = readSettings();
  const common = createPgChecks(settings, context, 'destination');
  try {
    const steps = { ...common.steps, write: () => findWritable(common.session(), settings) };
    yield* runChecks([...common.tunnelNames, ...checks], steps, context.signal);
  } finally {
    await common.close();
  }
}

/** Before 12 the catalog lacks what describing a table needs. */
const versionMin = 120_000;

async function findWritable(session: PgSession, settings: PgSettings): Promise<CheckFinding> {
  const { rows } = await session.query<Rights>(rightsQuery);
  const found = rows[0];
  if (!found) throw new SluiceError('destination_failed', 'The server did not say what the user may do.');
  const user = escapeIdentifier(settings.user);
  if (found.version < versionMin) {
    throw new SluiceError('destination_failed', 'The server is older than PostgreSQL 12.', {
      fix: 'Use PostgreSQL 12 or newer.',
    });
  }
  if (found.standby) {
    throw new SluiceError('destination_failed', 'The server is a standby, which takes no writes.', {
      fix: 'Use the address of the primary server.',
    });
  }
  if (!found.temporary) {
    throw new SluiceError(
      'destination_permission',
      'The user may not create temporary tables, in which rows are staged.',
      {
        fix: `Have the owner run: GRANT TEMPORARY ON DATABASE ${escapeIdentifier(settings.database)} TO ${user};`,
      },
    );
  }
  if (found.full === 0 && found.some === 0) {
    const schema = escapeIdentifier(found.schema ?? 'public');
    throw new SluiceError(
      'destination_permission',
      found.tables === 0
        ? 'The user sees no table: there is none yet, or it lacks USAGE on the schema.'
        : `The user sees ${found.tables} tables, but may not write to any of them.`,
      {
        fix: `Have the owner run: GRANT USAGE ON SCHEMA ${schema} TO ${user}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${user};`,
      },
    );
  }
  if (found.full === 0) {
    return {
      status: 'warning',
      message: `The user may write to ${found.some} of ${found.tables} tables, but lacks SELECT, INSERT, UPDATE or DELETE on each.`,
      fix: `Upsert needs SELECT, INSERT and UPDATE; deleting needs DELETE: GRANT SELECT, INSERT, UPDATE, DELETE ON <table> TO ${user};`,
    };
  }
  const some = found.some > found.full ? `, and in part to ${found.some - found.full} more` : '';
  return { status: 'passed', message: `May write to ${found.full} of ${found.tables} tables${some}.` };
}

interface Rights {
  version: number;
  standby: boolean;
  temporary: boolean;
  schema: string | null;
  tables: number;
  full: number;
  some: number;
}

const rightsQuery = `
with tables as (
  select pg_catalog.has_table_privilege(c.oid, 'INSERT') as i, pg_catalog.has_table_privilege(c.oid, 'UPDATE') as u,
    pg_catalog.has_table_privilege(c.oid, 'DELETE') as d, pg_catalog.has_table_privilege(c.oid, 'SELECT') as s
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition
    and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
    and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
)
select current_setting('server_version_num')::int as version, pg_is_in_recovery() as standby,
  pg_catalog.has_database_privilege(current_database(), 'TEMP') as temporary, current_schema() as schema,
  count(*)::int as tables, (count(*) filter (where i and u and d and s))::int as full,
  (count(*) filter (where i or u or d))::int as some
from tables`;
