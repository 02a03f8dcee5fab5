import { SluiceError } from '@sluice/domain/error';
import type { CheckFinding } from '../../kit/checks.ts';
import type { PgSession } from '../../kit/pg-connection.ts';
import { plannerSchema } from '../../kit/planner.ts';
import { quoteIdentifier } from '../../kit/sql-identifier.ts';

/**
 * Whether the user can read anything, and nothing more: a warning when it is a superuser or may write. Throws
 * `source_permission` with the statements that grant reading when there are tables but none is readable.
 */
export async function checkRead(session: PgSession): Promise<CheckFinding> {
  const [row = []] = await session.queryText(rightsSql);
  const [user, database, superuser, total, readable, writable, schemas] = row;
  const names = {
    user: user ?? '',
    database: database ?? '',
    schemas: schemas ? schemas.split('\n') : ['public'],
  };
  const count = Number(readable);
  if (count === 0 && Number(total) > 0) {
    throw new SluiceError('source_permission', `${names.user} may read none of the ${total} tables.`, {
      fix: grants(names),
    });
  }
  const found =
    count === 0
      ? 'The database holds no tables yet.'
      : `${count} ${count === 1 ? 'table' : 'tables'} can be read.`;
  if (superuser === 't') {
    return {
      status: 'warning',
      message: `${found} ${names.user} is a superuser and may do anything on this server.`,
      fix: readerRole(names),
    };
  }
  if (writable !== null && writable !== undefined) {
    return {
      status: 'warning',
      message: `${found} ${names.user} may also write, for example to ${writable}. Reading is all Sluice needs.`,
      fix: readerRole(names),
    };
  }
  return { status: 'passed', message: `${found} ${names.user} cannot write.` };
}

interface Names {
  readonly user: string;
  readonly database: string;
  readonly schemas: readonly string[];
}

/** Statements that let the user read. */
function grants({ user, database, schemas }: Names): string {
  const role = quoteIdentifier(user);
  return [
    `GRANT CONNECT ON DATABASE ${quoteIdentifier(database)} TO ${role};`,
    ...schemas.flatMap((schema) => {
      const name = quoteIdentifier(schema);
      return [
        `GRANT USAGE ON SCHEMA ${name} TO ${role};`,
        `GRANT SELECT ON ALL TABLES IN SCHEMA ${name} TO ${role};`,
        `ALTER DEFAULT PRIVILEGES IN SCHEMA ${name} GRANT SELECT ON TABLES TO ${role};`,
      ];
    }),
  ].join('\n');
}

/** Statements that make a role which can only read. */
function readerRole(names: Names): string {
  const user = 'sluice_reader';
  return [
    `CREATE ROLE ${quoteIdentifier(user)} LOGIN PASSWORD '…';`,
    grants({ ...names, user }),
    `ALTER ROLE ${quoteIdentifier(user)} SET default_transaction_read_only = on;`,
  ].join('\n');
}

const rightsSql = `
  WITH relation AS (
    SELECT class.oid, space.nspname, class.relname,
      has_schema_privilege(space.oid, 'USAGE') AND (
        has_table_privilege(class.oid, 'SELECT') OR has_any_column_privilege(class.oid, 'SELECT')) AS readable,
      class.relkind IN ('r', 'p') AND has_schema_privilege(space.oid, 'USAGE')
        AND has_table_privilege(class.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') AS writable
    FROM pg_catalog.pg_class class
    JOIN pg_catalog.pg_namespace space ON space.oid = class.relnamespace
    WHERE class.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT class.relispartition
      AND space.nspname NOT IN ('pg_catalog', 'information_schema', '${plannerSchema}') AND space.nspname NOT LIKE 'pg\\_%'
  )
  SELECT current_user, current_database(),
    (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),
    (SELECT count(*) FROM relation),
    (SELECT count(*) FROM relation WHERE readable),
    (SELECT min(nspname || '.' || relname) FROM relation WHERE writable),
    (SELECT string_agg(DISTINCT nspname, E'\\n') FROM (SELECT nspname FROM relation ORDER BY nspname LIMIT 1000) AS named)`;
