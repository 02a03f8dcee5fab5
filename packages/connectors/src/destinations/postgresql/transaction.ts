import { finished } from 'node:stream/promises';
import { DatabaseError } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { PgSession } from '../../kit/pg-connection.ts';
import { copyText, type StagedGroup } from './stage-batch.ts';
import { copySql, remainingSql } from './statement.ts';

/** What identifies a transaction after its connection is gone. */
export interface TransactionMark {
  readonly xid: string;
  /** When the server started: after a failover the same number may mean another transaction. */
  readonly serverStarted: string;
}

/** A table's trigger, rule or policy dropped rows without an error. */
export class RowsSkipped extends Error {
  constructor() {
    super('A trigger, a rule or a policy of the table skipped this row without an error.');
    this.name = 'RowsSkipped';
  }
}

/**
 * Opens a transaction with everything it needs in one round trip. All settings are local to it, and the staging
 * table is made here too (`stageSql`), so that it works behind a pooler that changes the session between transactions.
 */
export async function begin(
  session: PgSession,
  stageSql: string | null,
  statementMs: number,
): Promise<TransactionMark> {
  const text = [
    'begin isolation level read committed read write',
    `set local timezone = 'UTC'`,
    `set local datestyle = 'ISO, YMD'`,
    `set local client_min_messages = 'warning'`,
    `set local statement_timeout = ${statementMs}`,
    // A locked table is worth a clear reason and another try, not a wait to the end.
    `set local lock_timeout = ${Math.ceil(statementMs / 2)}`,
    // Otherwise a deferred constraint would speak at COMMIT, and for no row in particular.
    'set constraints all immediate',
    ...(stageSql === null ? [] : [stageSql]),
    'select txid_current()::text as xid, pg_postmaster_start_time()::text as started',
  ].join('; ');
  const answers: unknown = await session.client.query(text);
  const last = (answers as { rows: { xid: string; started: string }[] }[]).at(-1)?.rows[0];
  return { xid: last?.xid ?? '', serverStarted: last?.started ?? '' };
}

/** Fills the staging table. Rows are numbered by their place in the group, from 1. */
export async function stage(
  session: PgSession,
  group: StagedGroup,
  skipped: ReadonlySet<number>,
): Promise<void> {
  const stream = session.client.query(copyFrom(copySql(group.statement.columns.length)));
  stream.end(Buffer.from(copyText(group, skipped)));
  await finished(stream, { readable: false });
}

/**
 * Writes the staged rows from `first` to `last`, `count` of them. Answers the numbers of rows that were not found;
 * throws the driver's errors, and RowsSkipped.
 */
export async function apply(
  session: PgSession,
  group: StagedGroup,
  range: { readonly first: number; readonly last: number; readonly places: readonly number[] },
): Promise<number[]> {
  const { statement, operation, target } = group;
  const { first, last, places } = range;
  const result = await numbers(session, statement.sql, first, last);
  if (statement.answers === 'count') {
    if (result.rowCount !== places.length) throw new RowsSkipped();
    return [];
  }
  if (operation === 'delete' && target.match) {
    const left = await numbers(session, remainingSql(target.table, target.match, 1), first, last);
    if (left.places.length > 0) throw new RowsSkipped();
  }
  if (result.places.length === places.length) return [];
  const found = new Set(result.places);
  return places.filter((place) => !found.has(place));
}

/** Runs a statement over a range of staged rows that answers row numbers. */
export async function numbers(
  session: PgSession,
  sql: string,
  first: number,
  last: number,
): Promise<{ places: number[]; rowCount: number }> {
  const result = await session.client.query<number[], unknown[]>({
    text: sql,
    values: [first, last],
    rowMode: 'array',
  });
  return { places: result.rows.map(([place]) => place ?? 0), rowCount: result.rowCount ?? 0 };
}

/**
 * Commits. `unknown`: the answer was lost, so the server may have committed or not. Throws the driver's error when
 * the server said that it did not.
 */
export async function commit(session: PgSession): Promise<'committed' | 'unknown'> {
  try {
    const { command } = await session.client.query('commit');
    if (command === 'COMMIT') return 'committed';
    throw new Error('The server rolled the transaction back.');
  } catch (thrown) {
    // A server that shuts down may do so after the commit and before its answer.
    const definite = thrown instanceof DatabaseError && thrown.code && !/^(57P|08)/.test(thrown.code);
    if (definite || (thrown instanceof Error && thrown.message.includes('rolled the transaction back'))) {
      throw thrown;
    }
    return 'unknown';
  }
}

/** Ends a failed transaction. Answers whether the session can be used again. */
export async function rollback(session: PgSession): Promise<boolean> {
  try {
    await session.client.query('rollback');
    return true;
  } catch {
    return false;
  }
}

const askMs = 1_500;

/** Asks over another connection what became of a transaction whose COMMIT was not answered. */
export async function askCommit(
  connect: (signal: AbortSignal) => Promise<PgSession>,
  mark: TransactionMark,
): Promise<'committed' | 'aborted' | 'unknown'> {
  let session: PgSession | null = null;
  try {
    // Also after a cut: then the answer decides whether the rows are in doubt.
    session = await connect(AbortSignal.timeout(askMs));
    const { rows } = await session.query<{ status: string | null }>(
      'select case when pg_postmaster_start_time()::text = $2 then txid_status($1::bigint) end as status',
      [mark.xid, mark.serverStarted],
    );
    const status = rows[0]?.status;
    return status === 'committed' || status === 'aborted' ? status : 'unknown';
  } catch {
    return 'unknown';
  } finally {
    await session?.end();
  }
}
