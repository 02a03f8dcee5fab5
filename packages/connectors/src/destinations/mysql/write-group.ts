import type { SluiceError } from '@sluice/domain/error';
import type { Operation } from '@sluice/domain/sync-mode';
import type { Delivery, RecordResult } from '../../kit/destination.ts';
import type { MysqlSession } from '../../kit/mysql/connection.ts';
import { readFailure, type SqlFailure } from './failure.ts';
import { dropStaging, missingSql, stagingOf, statementsOf, type Target } from './statements.ts';

export type Cells = readonly (string | Buffer | number | null)[];

export interface Group {
  readonly target: Target;
  readonly operation: Operation;
  readonly rows: readonly Cells[];
}

export interface GroupOutcome {
  /** One for each row, in order. */
  readonly results: readonly RecordResult[];
  /** Going on is useless. */
  readonly fatal: SluiceError | null;
  /** Whether the session may be used again. */
  readonly reusable: boolean;
}

/**
 * Writes rows of one operation in one transaction; when the server refuses the values of a row, the rows are halved until
 * the guilty ones stand alone: at most 2 × log2(rows) further transactions for each of them.
 */
export async function writeGroup(
  session: MysqlSession,
  group: Group,
  { signal, confirm }: Pick<Delivery, 'signal' | 'confirm'>,
): Promise<GroupOutcome> {
  const results: RecordResult[] = [];
  let fatal: SluiceError | null = null;
  let reusable = true;

  async function write(rows: readonly Cells[]): Promise<void> {
    if (rows.length === 0) return;
    if (fatal || !reusable || signal.aborted) {
      results.push(...rows.map(() => notSent));
      return;
    }
    const failure = await writeOnce(session, { ...group, rows }, confirm);
    if (Array.isArray(failure)) {
      results.push(...failure);
      return;
    }
    if (failure.kind === 'row' && rows.length > 1) {
      const middle = Math.ceil(rows.length / 2);
      await write(rows.slice(0, middle));
      await write(rows.slice(middle));
      return;
    }
    if (failure.kind === 'fatal') fatal = failure.error;
    // A session that lost its connection is of no more use.
    if (failure.kind === 'retry') reusable = failure.code !== 'connection_lost';
    if (failure.kind === 'lost') reusable = false;
    results.push(...rows.map(() => resultOf(failure)));
  }

  await write(group.rows);
  return { results, fatal, reusable };
}

type Failure = SqlFailure | LostCommit;

/** COMMIT was sent and never answered: the rows may be there. */
interface LostCommit {
  readonly kind: 'lost';
  readonly code: string;
  readonly message: string;
  /** Writing them again does no harm. */
  readonly repeatable: boolean;
}

/** One transaction. Answers results, or why nothing was applied (or, after COMMIT was sent, that nobody knows). */
async function writeOnce(
  session: MysqlSession,
  group: Group,
  confirm: Delivery['confirm'],
): Promise<RecordResult[] | Failure> {
  const staging = stagingOf(group.target, group.operation);
  let missing = new Set<string>();
  try {
    // A temporary table neither begins nor ends a transaction.
    await session.rows(dropStaging);
    await session.rows(staging.create);
    await session.rows('START TRANSACTION');
    await session.rows(staging.insert, [group.rows]);
    if (group.operation === 'update') {
      missing = new Set((await session.rows(missingSql(group.target))).map(([value]) => value ?? ''));
    }
    for (const statement of statementsOf(group.target, group.operation)) await session.rows(statement);
  } catch (thrown) {
    const failure = readFailure(thrown, session);
    await session.rows('ROLLBACK').catch(() => undefined);
    return failure;
  }
  try {
    confirm?.();
  } catch {
    await session.rows('ROLLBACK').catch(() => undefined);
    return { kind: 'retry', code: notSent.code, message: notSent.message };
  }
  try {
    await session.rows('COMMIT');
  } catch {
    // Everything but a create may be repeated without harm.
    const repeatable = group.operation !== 'create';
    return {
      kind: 'lost',
      code: 'commit_unanswered',
      message: 'The connection broke while the rows were being committed.',
      repeatable,
    };
  }
  return group.rows.map(([match]) =>
    group.operation === 'update' && missing.has(String(match)) ? notFound : { status: 'delivered' },
  );
}

const notFound: RecordResult = {
  status: 'rejected',
  code: 'record_not_found',
  message: 'The table has no record with this value of the match key.',
};

const notSent = {
  status: 'retry',
  code: 'not_sent',
  message: 'Not sent: the run was stopped, or the statement before failed.',
} as const satisfies RecordResult;

function resultOf(failure: Failure): RecordResult {
  switch (failure.kind) {
    case 'row':
      return { status: 'rejected', code: failure.code, message: failure.message };
    case 'retry':
      return { status: 'retry', code: failure.code, message: failure.message };
    case 'lost': {
      const { code, message } = failure;
      return failure.repeatable
        ? { status: 'retry', code, message, inDoubt: true }
        : { status: 'uncertain', code, message };
    }
    case 'fatal':
      return { status: 'retry', code: failure.error.code, message: failure.error.message };
  }
}
