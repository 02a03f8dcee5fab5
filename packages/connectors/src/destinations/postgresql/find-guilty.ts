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

/** Staged rows that were not written, by their numbers. */
interface StagedRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Finds many refused rows of a range with one query, for the failures that usually come in numbers: values that are
 * not of the column's type, NULLs, broken CHECK rules, and values that exist already. Answers nothing where it cannot
 * be sure; halving finds the rest one by one. Runs inside a savepoint of the open transaction.
 */
export async function findGuilty(
  session: PgSession,
  group: StagedGroup,
  range: StagedRange,
  thrown: unknown,
): Promise<Guilty[]> {
  if (!(thrown instanceof DatabaseError) || !thrown.code) return [];
  await session.client.query('savepoint sluice_guilty');
  try {
    const query = await queryFor(session, group, range, thrown);
    const { rows } = query ? await session.client.query<Guilty>(query) : { rows: [] };
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

async function queryFor(
  session: PgSession,
  group: StagedGroup,
  range: StagedRange,
  { code = '', column, constraint, detail, message }: DatabaseError,
): Promise<Query | null> {
  if (code.startsWith('22')) return invalidQuery(group, range);
  if (code === '23502' && column) return nullQuery(group, range, column, message);
  if (code === '23514' && constraint) {
    const rule = await readRule(session, group, constraint);
    return rule && ruleQuery(group, range, rule, message);
  }
  if (code === '23505' && group.operation === 'create') {
    return existingQuery(group, range, detail ?? '', message);
  }
  return null;
}

const within = ({ first, last }: StagedRange): string => `s.n between ${first} and ${last}`;

/** https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-VALIDITY */
function invalidQuery({ statement }: StagedGroup, range: StagedRange): Query {
  const fields = statement.columns
    .map((_, index) => `($${index * 2 + 1}::text, s.c${index}, $${index * 2 + 2}::text)`)
    .join(', ');
  return {
    text: `select distinct on (s.n) s.n as place, e.sql_error_code as "sqlState", f.name || ': ' || e.message as message
from ${stageName(statement.columns.length)} s
cross join lateral (values ${fields}) f (name, value, type)
cross join lateral pg_input_error_info(f.value, f.type) e
where ${within(range)} and f.value is not null and e.message is not null
order by s.n`,
    values: statement.columns.flatMap(({ name, nativeType }) => [name, nativeType]),
  };
}

/** A trigger could still change the values, so nothing is known about a table that has one. */
const noTrigger = `not exists (
  select from pg_catalog.pg_trigger t
  where t.tgrelid = $2::regclass and not t.tgisinternal and t.tgtype & 2 = 2 and t.tgenabled <> 'D'
)`;

function nullQuery(
  { statement, target }: StagedGroup,
  range: StagedRange,
  column: string,
  message: string,
): Query | null {
  const index = statement.columns.findIndex(({ name }) => name === column);
  if (index < 0) return null;
  return {
    text: `select s.n as place, '23502' as "sqlState", $1::text as message
from ${stageName(statement.columns.length)} s
where ${within(range)} and s.c${index} is null and ${noTrigger}`,
    values: [message, tableSql(target.table)],
  };
}

/** The expression of a CHECK and the staged columns that it reads. */
interface Rule {
  readonly expression: string;
  readonly columns: readonly number[];
}

/** `null` for a rule that also reads what is not staged: defaults, or what the record holds already. */
async function readRule(
  session: PgSession,
  { statement, target }: StagedGroup,
  constraint: string,
): Promise<Rule | null> {
  const { rows } = await session.client.query<{ expression: string; names: (string | null)[] }>({
    text: `select pg_catalog.pg_get_expr(c.conbin, c.conrelid) as expression, array(
  select a.attname::text from unnest(c.conkey) k
  left join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k and k > 0
) as names
from pg_catalog.pg_constraint c where c.conrelid = $1::regclass and c.conname = $2 and c.contype = 'c'`,
    values: [tableSql(target.table), constraint],
  });
  const [rule] = rows;
  if (!rule) return null;
  const columns = rule.names.map((name) => statement.columns.findIndex((column) => column.name === name));
  return columns.includes(-1) ? null : { expression: rule.expression, columns };
}

/** The cast to the column's own type rounds as the assignment does. Where it cuts a text, the row is refused anyway. */
function ruleQuery(
  { statement, target }: StagedGroup,
  range: StagedRange,
  rule: Rule,
  message: string,
): Query {
  const values = rule.columns.map((index) => {
    const { name, nativeType } = statement.columns[index] ?? { name: '', nativeType: 'text' };
    return `, s.c${index}::${nativeType} as ${escapeIdentifier(name)}`;
  });
  return {
    text: `select "sluice place" as place, '23514' as "sqlState", $1::text as message
from (select s.n as "sluice place"${values.join('')} from ${stageName(statement.columns.length)} s where ${within(range)}) s
where not (${rule.expression}) and ${noTrigger}`,
    values: [message, tableSql(target.table)],
  };
}

/** Single-column keys only: they are what imports collide with. `Key (email)=(…) already exists.` names the column. */
function existingQuery(
  { statement, target }: StagedGroup,
  range: StagedRange,
  detail: string,
  message: string,
): Query | null {
  const named = /\(("?)([^)]+?)\1\)=/.exec(detail)?.[2];
  const index = statement.columns.findIndex(({ name, unique }) => unique && name === named);
  const column = statement.columns[index];
  if (!column) return null;
  return {
    text: `select s.n as place, '23505' as "sqlState", $1::text as message
from ${stageName(statement.columns.length)} s
join ${tableSql(target.table)} t on t.${escapeIdentifier(column.name)} = s.c${index}::${column.castType}
where ${within(range)}`,
    values: [message],
  };
}
