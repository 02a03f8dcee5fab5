import { DatabaseError } from 'pg';
import type { RecordResult } from '../../kit/destination.ts';
import type { PgSession } from '../../kit/pg-connection.ts';
import { applyEach, eachMax } from './apply-each.ts';
import { columnAtFault } from './column-at-fault.ts';
import { findGuilty } from './find-guilty.ts';
import { readSqlFailure, rejectionCode, sentence, verbatim } from './sql-failure.ts';
import { duplicateMessage, type StagedGroup } from './stage-batch.ts';
import { duplicatesSql, stageName } from './statement.ts';
import { apply, numbers, RowsSkipped } from './transaction.ts';

/** What became of a group whose rows could not be written together. Places count from 1. */
export interface Isolation {
  /** Refused rows; all others are written once the transaction commits. */
  readonly rejected: ReadonlyMap<number, RecordResult>;
  /** The server's own words about them, for the exchange. */
  readonly words: readonly string[];
}

/**
 * Writes the staged rows except those that the server refuses. `thrown` is what writing all of them came to.
 * Rows that one query can find are refused at once, rule after rule; for the others the range is halved until the
 * guilty row is among few, which the server then tries one by one, each try behind a savepoint of the open
 * transaction. Throws the driver's error for any failure that is not a row's own.
 */
export async function isolateRows(
  session: PgSession,
  group: StagedGroup,
  staged: readonly number[],
  thrown: unknown,
): Promise<Isolation> {
  const rejected = new Map<number, RecordResult>();
  const words: string[] = [];
  const reject = (place: number, code: string, message: string, said: string): void => {
    rejected.set(place, { status: 'rejected', code, message });
    words.push(`row ${place}: ${said}`);
  };

  /** Refuses what one query can find among these rows; answers whether there was any. */
  async function refuseGuilty(first: number, last: number, failure: unknown): Promise<boolean> {
    const guilty = await findGuilty(session, group, { first, last }, failure);
    for (const { place, sqlState, message } of guilty) {
      reject(place, rejectionCode(sqlState), sentence(message), `${sqlState}: ${message}`);
    }
    await unstage(
      session,
      group,
      guilty.map(({ place }) => place),
    );
    return guilty.length > 0;
  }

  await refuseGuilty(staged[0] ?? 0, staged.at(-1) ?? 0, thrown);
  for (const place of await findDuplicates(session, group, staged, rejected)) {
    const message = group.target.match ? duplicateMessage(group.target.match) : '';
    reject(place, 'match_key_duplicate', message, message);
  }
  await unstage(session, group, [...rejected.keys()]);

  async function write(places: readonly number[]): Promise<void> {
    const [first] = places;
    const last = places.at(-1);
    if (first === undefined || last === undefined) return;
    let failure: unknown;
    try {
      for (const place of await apply(session, group, { first, last, places })) {
        if (group.statement.missing === 'delivered') continue;
        const { code, message } = recordMissing(group);
        reject(place, code, message, message);
      }
      await session.client.query('release savepoint sluice; savepoint sluice');
      return;
    } catch (caught) {
      failure = caught;
    }
    if (!(failure instanceof RowsSkipped)) {
      if (!(failure instanceof DatabaseError)) throw failure;
      if (readSqlFailure(failure, session, group.target.table).kind !== 'row') throw failure;
    }
    await session.client.query('rollback to savepoint sluice');
    if (places.length === 1) return refuse(first, failure instanceof DatabaseError ? failure : null);
    // What is left may break another rule.
    if (places.length > eachMax && (await refuseGuilty(first, last, failure))) {
      // So that going back does not stage them again.
      await session.client.query('release savepoint sluice; savepoint sluice');
      return write(places.filter((place) => !rejected.has(place)));
    }
    const refusals = places.length <= eachMax ? await applyEach(session, group, { first, last }) : null;
    if (refusals) {
      for (const { place, error } of refusals) await refuse(place, error);
      await session.client.query('release savepoint sluice; savepoint sluice');
      return;
    }
    const middle = Math.ceil(places.length / 2);
    await write(places.slice(0, middle));
    await write(places.slice(middle));
  }

  /** Without an error the row was not found, or was dropped in silence. */
  async function refuse(place: number, error: DatabaseError | null): Promise<void> {
    if (!error) {
      const { code, message } = group.operation === 'update' ? recordMissing(group) : rowSkipped;
      return reject(place, code, message, message);
    }
    const read = readSqlFailure(error, session, group.target.table);
    if (read.kind !== 'row') throw error;
    const column = await columnAtFault(session, group, place, error);
    reject(place, read.code, column ? `${column}: ${read.message}` : read.message, verbatim(error));
  }

  // Many tries over small ranges: without an index each of them would read the whole staging table.
  const staging = stageName(group.statement.columns.length);
  await session.client.query(`create index sluice_stage_n on ${staging} (n); savepoint sluice`);
  await write(staged.filter((place) => !rejected.has(place)));
  await session.client.query('drop index pg_temp.sluice_stage_n');
  return { rejected, words };
}

const rowSkipped = { code: 'row_skipped', message: new RowsSkipped().message };

/** What a row is told whose record was not found. */
export const recordMissing = ({ target }: StagedGroup): { code: string; message: string } => ({
  code: 'record_missing',
  message: `No record has this match value in "${target.match?.name}", and the mode creates none.`,
});

/** Rows that mean the same record in the eyes of its type: `1.0` and `1`, or `A` and `a` in a citext column. */
async function findDuplicates(
  session: PgSession,
  group: StagedGroup,
  staged: readonly number[],
  rejected: ReadonlyMap<number, unknown>,
): Promise<number[]> {
  const { match } = group.target;
  if (!match || (group.operation !== 'upsert' && group.operation !== 'update')) return [];
  const left = staged.filter((place) => !rejected.has(place));
  const [first] = left;
  const last = left.at(-1);
  if (first === undefined || last === undefined) return [];
  await session.client.query('savepoint sluice_twice');
  try {
    const sql = duplicatesSql(match, group.statement.columns.length);
    const { places } = await numbers(session, sql, first, last);
    await session.client.query('release savepoint sluice_twice');
    return places;
  } catch (thrown) {
    if (!(thrown instanceof DatabaseError)) throw thrown;
    // A match value that its type cannot read: halving finds it.
    await session.client.query('rollback to savepoint sluice_twice');
    return [];
  }
}

async function unstage(session: PgSession, group: StagedGroup, places: readonly number[]): Promise<void> {
  if (places.length === 0) return;
  const text = `delete from ${stageName(group.statement.columns.length)} where n = any($1::int[])`;
  await session.client.query({ text, values: [places] });
}
