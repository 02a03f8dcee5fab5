import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { NotAdmitted } from '../../kit/destination.ts';
import type { Payload } from '../../kit/payload.ts';
import type { PayloadStatement } from './payload-statement.ts';
import { readSqlFailure, type SqlFailure } from './sql-failure.ts';
import type { Table } from './table.ts';
import { askCommit, begin, commit, rollback, type TransactionMark } from './transaction.ts';
import type { WriteParts } from './write-group.ts';

/** What a transaction over a whole payload came to; except after `committed` and `unknown` nothing of it is applied. */
export type PayloadEnding = { readonly reusable: boolean } & (
  | { readonly kind: 'committed' | 'unknown' | 'not-admitted' }
  | { readonly kind: 'failed'; readonly failure: SqlFailure }
);

/**
 * Writes a payload in one transaction, straight into the table or by way of a staging table. All rows or none; who is guilty
 * is not looked for. Never throws for anything that the server or the network does.
 */
export async function writePayload(
  parts: WriteParts & { readonly table: Table },
  way: { readonly direct: string } | NonNullable<PayloadStatement['staged']>,
  payload: Payload,
): Promise<PayloadEnding> {
  const { session, statementMs } = parts;
  let mark: TransactionMark;
  try {
    mark = await begin(session, 'create' in way ? way.create : null, statementMs);
    const copied = await copy(parts, 'create' in way ? way.copy : way.direct, payload);
    const written = 'create' in way ? (await session.client.query(way.write)).rowCount : copied;
    if (written !== payload.rows) return { ...skipped, reusable: await rollback(session) };
    parts.confirm?.();
  } catch (thrown) {
    const reusable = await rollback(session);
    if (thrown instanceof NotAdmitted) return { kind: 'not-admitted', reusable };
    return { kind: 'failed', failure: readSqlFailure(thrown, session, parts.table), reusable };
  }
  try {
    if ((await commit(session)) === 'committed') return { kind: 'committed', reusable: true };
  } catch (thrown) {
    const reusable = await rollback(session);
    return { kind: 'failed', failure: readSqlFailure(thrown, session, parts.table), reusable };
  }
  const truth = await askCommit(parts.connect, mark);
  if (truth !== 'aborted') return { kind: truth, reusable: false };
  const message = 'The connection broke, and the server rolled the rows back.';
  return { kind: 'failed', failure: { kind: 'retry', code: 'connection_lost', message }, reusable: false };
}

/** Answers how many rows the server took. */
async function copy({ session }: WriteParts, sql: string, { bytes }: Payload): Promise<number> {
  const stream = session.client.query(copyFrom(sql));
  stream.end(bytes);
  await finished(stream, { readable: false });
  return stream.rowCount;
}

/** A trigger or a policy dropped rows in silence: which ones, the careful way finds out. */
const skipped = {
  kind: 'failed',
  failure: { kind: 'row', sqlState: '', code: 'row_skipped', message: 'Rows were skipped without an error.' },
} as const;
