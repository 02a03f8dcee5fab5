import { SluiceError } from '@sluice/domain/error';
import type { PgSession } from '../../../kit/pg-connection.ts';
import { type MirrorState, plannerSchema } from '../../../kit/planner.ts';
import { grantStatements, tableNamePattern, tablesOf } from './names.ts';

/** Throws `planner_not_ready` with the statements that help, unless the user may make tables in the schema. */
export async function assertSchema(session: PgSession): Promise<void> {
  const [row = []] = await session.queryText(
    `SELECT current_user, current_database(), pg_is_in_recovery(), space.oid IS NOT NULL,
      has_schema_privilege(space.oid, 'USAGE') AND has_schema_privilege(space.oid, 'CREATE')
     FROM (SELECT 1) AS one LEFT JOIN pg_catalog.pg_namespace space ON space.nspname = $1`,
    [plannerSchema],
  );
  const [user, database, replica, exists, granted] = row;
  if (replica === 't') {
    throw new SluiceError('planner_not_ready', 'The server is a replica, on which nothing can be written.', {
      fix: 'Connect to the primary server, or let Sluice compare the rows (planner: in Sluice).',
    });
  }
  if (granted === 't') return;
  const what =
    exists === 't'
      ? `${user} may not make tables in the schema ${plannerSchema}`
      : `there is no schema ${plannerSchema}`;
  throw new SluiceError('planner_not_ready', `In the database ${database}, ${what}.`, {
    fix: `Let an administrator of ${database} run:\n${grantStatements(user ?? '')}`,
  });
}

/** Which ledger the mirror of a sync holds, as the transaction sees it; `null` when there is none. */
export async function readMirror(session: PgSession, syncId: number): Promise<MirrorState | null> {
  const { ledger, version } = tablesOf(syncId);
  const [there = []] = await session.queryText(
    'SELECT to_regclass($1) IS NOT NULL AND to_regclass($2) IS NOT NULL',
    [ledger, version],
  );
  if (there[0] !== 't') return null;
  // Naming the mirror too keeps it from being dropped before the transaction ends.
  const [row] = await session.queryText(
    `SELECT applied::text, match_column FROM ${version} WHERE NOT EXISTS (SELECT FROM ${ledger} WHERE false)`,
  );
  return row ? { files: JSON.parse(row[0] ?? '[]') as string[], matchColumn: row[1] ?? null } : null;
}

/** Ids of the syncs that have tables in the schema. */
export async function listMirrors(session: PgSession): Promise<number[]> {
  const rows = await session.queryText(
    `SELECT DISTINCT substring(relname from $2)::bigint FROM pg_catalog.pg_class
     WHERE relnamespace = to_regnamespace($1) AND relkind = 'r' AND relname ~ $2 AND pg_has_role(relowner, 'USAGE')
     ORDER BY 1`,
    [plannerSchema, tableNamePattern],
  );
  return rows.map(([id]) => Number(id));
}

export const sameState = (one: MirrorState, other: MirrorState): boolean =>
  one.matchColumn === other.matchColumn && JSON.stringify(one.files) === JSON.stringify(other.files);
