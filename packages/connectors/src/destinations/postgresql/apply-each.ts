import { DatabaseError } from 'pg';
import type { PgSession } from '../../kit/pg-connection.ts';
import type { StagedGroup } from './stage-batch.ts';
import { stageName } from './statement.ts';

/** A row that the server did not write: its error, or `null` when no record was found or the row was dropped. */
export interface Refusal {
  readonly place: number;
  readonly error: DatabaseError | null;
}

/** More rows than this are halved first: mostly all of a half are fine. */
export const eachMax = 128;

/**
 * Writes staged rows one by one inside the server, each in a subtransaction of the open transaction: one round trip
 * where halving needs two for each guilty row, which matters when thousands are. Answers the rows that were not
 * written; `null` when the server cannot do this (no PL/pgSQL), and then nothing has been written. Throws the
 * driver's errors for failures of the session.
 */
export async function applyEach(
  session: PgSession,
  group: StagedGroup,
  range: { readonly first: number; readonly last: number },
): Promise<Refusal[] | null> {
  const { client } = session;
  // Deletes have to look whether the record is really gone; they rarely fail in numbers.
  if (group.operation === 'delete' || group.operation === 'clear' || group.statement.columns.length === 1) {
    return null;
  }
  await client.query('savepoint sluice_each');
  try {
    await client.query(`${refusedTable}; delete from pg_temp.sluice_refused; ${block(group, range)}`);
    const { rows } = await client.query<RefusedRow>('select * from pg_temp.sluice_refused order by n');
    await client.query('release savepoint sluice_each');
    return rows.map((row) => ({ place: row.n, error: row.state === null ? null : errorOf(row) }));
  } catch (thrown) {
    if (!(thrown instanceof DatabaseError) || /^(57|08|53|40|55)/.test(thrown.code ?? '')) throw thrown;
    await client.query('rollback to savepoint sluice_each');
    return null;
  }
}

interface RefusedRow {
  n: number;
  state: string | null;
  words: string | null;
  detail: string | null;
  hint: string | null;
  col: string | null;
}

const refusedTable =
  'create temp table if not exists sluice_refused (n integer, state text, words text, detail text, hint text, col text) on commit delete rows';

/** Variables have names that no column of a statement can be mistaken for. */
function block({ statement }: StagedGroup, { first, last }: { first: number; last: number }): string {
  const each = statement.sql
    .replace('$1 and $2', 'sluice_place and sluice_place')
    .replace(/\nreturning s\.n$/, '');
  const body = `
#variable_conflict use_column
declare
  sluice_place integer; sluice_count integer;
  sluice_state text; sluice_words text; sluice_detail text; sluice_hint text; sluice_col text;
begin
  for sluice_place in
    select s.n from ${stageName(statement.columns.length)} s where s.n between ${first} and ${last} order by s.n
  loop
    begin
      ${each};
      get diagnostics sluice_count = row_count;
      if sluice_count = 0 then insert into pg_temp.sluice_refused (n) values (sluice_place); end if;
    exception when others then
      get stacked diagnostics sluice_state = returned_sqlstate, sluice_words = message_text,
        sluice_detail = pg_exception_detail, sluice_hint = pg_exception_hint, sluice_col = column_name;
      insert into pg_temp.sluice_refused
        values (sluice_place, sluice_state, sluice_words, sluice_detail, sluice_hint, sluice_col);
    end;
  end loop;
end`;
  // A column may be called anything, also what would end the text.
  let tag = '$sluice$';
  for (let count = 0; body.includes(tag); count += 1) tag = `$sluice${count}$`;
  return `do ${tag}${body}\n${tag}`;
}

function errorOf(row: RefusedRow): DatabaseError {
  const error = new DatabaseError(row.words ?? '', 0, 'error');
  error.severity = 'ERROR';
  error.code = row.state ?? undefined;
  error.detail = row.detail || undefined;
  error.hint = row.hint || undefined;
  error.column = row.col || undefined;
  return error;
}
