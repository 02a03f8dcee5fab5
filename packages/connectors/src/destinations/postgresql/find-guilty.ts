import { DatabaseError, escapeIdentifier } from 'pg';
import type { PgSession } from '../../kit/pg-connection.ts';
import type { StagedGroup } from './stage-batch.ts';
import { stageName } from './statement.ts';
import { tableSql } from './table-id.ts';

/** A staged row that is known to be refused, and why. */
export interface Guilty {
  readonly place: number;
  readonly sqlState: string;
  readonly message: string;
}

/**
 * Finds many refused rows with one query, for the failures that usually come in numbers: values that are not of the
 * column's type, NULLs, and values that exist already. Answers nothing where it cannot be sure; halving finds the
 * rest one by one. Runs inside a savepoint of the open transaction.
 */
export async function findGuilty(session: PgSession, group: StagedGroup, thrown: unknown): Promise<Guilty[]> {
  if (!(thrown instanceof DatabaseError) || !thrown.code) return [];
  const query = queryFor(group, thrown, thrown.code);
  if (!query) return [];
  await session.client.query('savepoint sluice_guilty');
  try {
    const { rows } = await session.client.query<Guilty>({
      text: query.text,
      values: query.values,
    });
    await session.client.query('release savepoint sluice_guilty');
    return rows;
  } catch (failure) {
    if (!(failure instanceof DatabaseError)) throw failure;
    // Servers before 16 have no pg_input_error_info, and some types know only hard errors.
    await session.client.query('rollback to savepoint sluice_guilty');
    return [];
  }
}

interface Query {
  readonly text: string;
  readonly values: unknown[];
}

function queryFor(group: StagedGroup, thrown: DatabaseError, sqlState: string): Query | null {
  if (sqlState.startsWith('22')) return invalidQuery(group);
  if (sqlState === '23502' && thrown.column) return nullQuery(group, thrown.column, thrown.message);
  if (sqlState === '23505' && group.operation === 'create') {
    return existingQuery(group, thrown.detail ?? '', thrown.message);
  }
  return null;
}

/** https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-VALIDITY */
function invalidQuery({ statement }: StagedGroup): Query {
  const fields = statement.columns
    .map((_, index) => `($${index * 2 + 1}::text, s.c${index}, $${index * 2 + 2}::text)`)
    .join(', ');
  return {
    text: `select distinct on (s.n) s.n as place, e.sql_error_code as "sqlState", f.name || ': ' || e.message as message
from ${stageName(statement.columns.length)} s
cross join lateral (values ${fields}) f (name, value, type)
cross join lateral pg_input_error_info(f.value, f.type) e
where f.value is not null and e.message is not null
order by s.n`,
    values: statement.columns.flatMap(({ name, nativeType }) => [name, nativeType]),
  };
}

/** A trigger could still fill in the value, so the query answers nothing for a table that has one. */
function nullQuery({ statement, target }: StagedGroup, column: string, message: string): Query | null {
  const index = statement.columns.findIndex(({ name }) => name === column);
  if (index < 0) return null;
  return {
    text: `select s.n as place, '23502' as "sqlState", $1::text as message
from ${stageName(statement.columns.length)} s
where s.c${index} is null and not exists (
  select from pg_catalog.pg_trigger t
  where t.tgrelid = $2::regclass and not t.tgisinternal and t.tgtype & 2 = 2 and t.tgenabled <> 'D'
)`,
    values: [message, tableSql(target.table)],
  };
}

/** Single-column keys only: they are what imports collide with. `Key (email)=(…) already exists.` names the column. */
function existingQuery({ statement, target }: StagedGroup, detail: string, message: string): Query | null {
  const named = /\(("?)([^)]+?)\1\)=/.exec(detail)?.[2];
  const index = statement.columns.findIndex(({ name, unique }) => unique && name === named);
  const column = statement.columns[index];
  if (!column) return null;
  return {
    text: `select s.n as place, '23505' as "sqlState", $1::text as message
from ${stageName(statement.columns.length)} s
join ${tableSql(target.table)} t on t.${escapeIdentifier(column.name)} = s.c${index}::${column.castType}`,
    values: [message],
  };
}
