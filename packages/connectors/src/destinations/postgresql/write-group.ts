import type { SluiceError } from '@sluice/domain/error';
import type { Exchange } from '@sluice/domain/sync';
import { DatabaseError } from 'pg';
import { NotAdmitted, type RecordResult } from '../../kit/destination.ts';
import type { PgSession } from '../../kit/pg-connection.ts';
import { type Isolation, isolateRows, recordMissing } from './isolate-rows.ts';
import { requestView } from './request-view.ts';
import { readSqlFailure, type SqlFailure } from './sql-failure.ts';
import type { StagedGroup } from './stage-batch.ts';
import { createStageSql, duplicatesSql } from './statement.ts';
import {
  apply,
  askCommit,
  begin,
  commit,
  numbers,
  RowsSkipped,
  rollback,
  stage,
  type TransactionMark,
} from './transaction.ts';
import { unlessSilent } from './unless-silent.ts';

export interface GroupOutcome {
  /** One for each row of the group. */
  readonly results: readonly RecordResult[];
  readonly exchange: Exchange;
  /** Set when nothing was applied and no other row can be. */
  readonly fatal: SluiceError | null;
  /** The session can be used again. */
  readonly reusable: boolean;
}

export interface WriteParts {
  readonly session: PgSession;
  /** Another session with the same server, to ask what became of a commit. */
  readonly connect: (signal: AbortSignal) => Promise<PgSession>;
  readonly statementMs: number;
  /** A server that says nothing for so long is gone. */
  readonly silenceMs: number;
  /** Asked last of all before COMMIT; throws `NotAdmitted` when the rows must not count any more. */
  readonly confirm?: () => void;
}

/**
 * Writes a group in one transaction: stage, one statement, commit. When the server refuses it because of its rows, a
 * second transaction leaves the guilty ones out. Never throws for anything that the server or the network does.
 */
export async function writeGroup(parts: WriteParts, group: StagedGroup): Promise<GroupOutcome> {
  const startedAt = new Date();
  const started = performance.now();
  const ending = await unlessSilent(parts.session, parts.silenceMs, async () => {
    const attempt = await writeTogether(parts, group);
    return attempt.kind === 'refused' ? writeApart(parts, group, attempt.thrown) : attempt;
  });
  const results = group.rows.map((_, index) => resultOf(ending, index + 1));
  return {
    results,
    fatal: ending.kind === 'failed' && ending.failure.kind === 'fatal' ? ending.failure.error : null,
    reusable: ending.reusable,
    exchange: {
      request: requestView(group),
      response: responseOf(group, ending, results),
      error: errorOf(ending),
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(performance.now() - started),
    },
  };
}

type Ending =
  | ({ readonly kind: 'committed'; readonly reusable: boolean } & Isolation)
  | ({ readonly kind: 'unknown'; readonly reusable: boolean } & Isolation)
  | {
      readonly kind: 'failed';
      readonly failure: Exclude<SqlFailure, { kind: 'row' }>;
      readonly reusable: boolean;
    };

/** The usual way: all rows or none. `refused`: some row is guilty, and nothing was applied. */
async function writeTogether(
  parts: WriteParts,
  group: StagedGroup,
): Promise<Ending | { readonly kind: 'refused'; readonly thrown: unknown }> {
  const { session, statementMs } = parts;
  const places = group.rows.map((_, index) => index + 1);
  const range = { first: 1, last: places.length, places };
  let mark: TransactionMark;
  let missing: number[];
  try {
    mark = await begin(session, stageOf(group), statementMs);
    await stage(session, group, new Set());
    missing = await apply(session, group, range);
    if (missing.length > 0 && group.statement.missing === 'rejected') await assertDistinct(session, group);
  } catch (thrown) {
    const ending = await fail(session, group, thrown);
    return ending.failure.kind === 'row' ? { kind: 'refused', thrown } : (ending as Ending);
  }
  const rejected = new Map<number, RecordResult>();
  if (group.statement.missing === 'rejected') {
    for (const place of missing) rejected.set(place, { status: 'rejected', ...recordMissing(group) });
  }
  return finish(parts, group, mark, { rejected, words: [] });
}

/** The careful way: the same, without the rows that are refused. */
async function writeApart(parts: WriteParts, group: StagedGroup, thrown: unknown): Promise<Ending> {
  const { session, statementMs } = parts;
  const unstageable = new Map<number, RecordResult>();
  let reason = thrown;
  for (;;) {
    try {
      const mark = await begin(session, stageOf(group), statementMs);
      await stage(session, group, new Set(unstageable.keys()));
      const staged = group.rows.map((_, index) => index + 1).filter((place) => !unstageable.has(place));
      const { rejected, words } = await isolateRows(session, group, staged, reason);
      return finish(parts, group, mark, { rejected: new Map([...unstageable, ...rejected]), words });
    } catch (caught) {
      const ending = await fail(session, group, caught);
      const line = lineOf(caught);
      // COPY itself refuses a text that the server's encoding lacks, and names its line.
      const place = line === null ? undefined : placeAt(group, unstageable, line);
      if (ending.failure.kind !== 'row') return ending as Ending;
      if (place === undefined || !ending.reusable) {
        return { kind: 'failed', failure: unexplained(ending.failure), reusable: ending.reusable };
      }
      const { code, message } = ending.failure;
      unstageable.set(place, { status: 'rejected', code, message });
      reason = caught;
    }
  }
}

const stageOf = ({ statement }: StagedGroup): string => createStageSql(statement.columns.length);

async function finish(
  parts: WriteParts,
  group: StagedGroup,
  mark: TransactionMark,
  isolation: Isolation,
): Promise<Ending> {
  let answer: 'committed' | 'unknown';
  try {
    parts.confirm?.();
    answer = await commit(parts.session);
  } catch (thrown) {
    if (thrown instanceof NotAdmitted) return { ...notAdmitted, reusable: await rollback(parts.session) };
    const ending = await fail(parts.session, group, thrown);
    if (ending.failure.kind !== 'row') return ending as Ending;
    return { kind: 'failed', failure: unexplained(ending.failure), reusable: ending.reusable };
  }
  if (answer === 'committed') return { kind: 'committed', reusable: true, ...isolation };
  const truth = await askCommit(parts.connect, mark);
  if (truth === 'committed') return { kind: 'committed', reusable: false, ...isolation };
  if (truth === 'unknown') return { kind: 'unknown', reusable: false, ...isolation };
  const message = 'The connection broke, and the server rolled the rows back.';
  return { kind: 'failed', failure: { kind: 'retry', code: 'connection_lost', message }, reusable: false };
}

const notAdmitted = {
  kind: 'failed',
  failure: { kind: 'retry', code: 'not_sent', message: 'Rolled back: the run stopped before the commit.' },
} as const;

async function fail(
  session: PgSession,
  group: StagedGroup,
  thrown: unknown,
): Promise<{ kind: 'failed'; failure: SqlFailure; reusable: boolean }> {
  const reusable = await rollback(session);
  const rows = thrown instanceof RowsSkipped || thrown instanceof RowsRepeated;
  const failure: SqlFailure = rows
    ? { kind: 'row', sqlState: '', code: 'row_skipped', message: thrown.message }
    : readSqlFailure(thrown, session, group.target.table);
  return { kind: 'failed', failure, reusable };
}

/** A refusal that no row could be found for: it may be gone the next time. */
function unexplained({
  code,
  message,
}: {
  code: string;
  message: string;
}): Exclude<SqlFailure, { kind: 'row' }> {
  return { kind: 'retry', code, message };
}

class RowsRepeated extends Error {}

/** An UPDATE that meets two rows for one record takes either: throws before it can be committed. */
async function assertDistinct(session: PgSession, group: StagedGroup): Promise<void> {
  const { match } = group.target;
  if (!match) return;
  const sql = duplicatesSql(match, group.statement.columns.length);
  const { places } = await numbers(session, sql, 1, group.rows.length);
  if (places.length > 0) throw new RowsRepeated('Several rows have one match value.');
}

function lineOf(thrown: unknown): number | null {
  if (!(thrown instanceof DatabaseError) || !thrown.where) return null;
  const line = /^COPY sluice_stage_\d+, line (\d+)/.exec(thrown.where)?.[1];
  return line ? Number(line) : null;
}

function placeAt(
  group: StagedGroup,
  skipped: ReadonlyMap<number, unknown>,
  line: number,
): number | undefined {
  return group.rows.map((_, index) => index + 1).filter((place) => !skipped.has(place))[line - 1];
}

function resultOf(ending: Ending, place: number): RecordResult {
  if (ending.kind === 'failed') {
    const { failure } = ending;
    return failure.kind === 'fatal'
      ? { status: 'retry', code: failure.error.code, message: failure.error.message }
      : { status: 'retry', code: failure.code, message: failure.message };
  }
  const rejection = ending.rejected.get(place);
  if (rejection) return rejection;
  if (ending.kind === 'committed') return { status: 'delivered' };
  const message =
    'The connection broke while the rows were committed, and the server could not say whether they were.';
  return { status: 'uncertain', code: 'commit_unknown', message };
}

const responseMax = 65_536;

function responseOf(
  group: StagedGroup,
  ending: Ending,
  results: readonly RecordResult[],
): Exchange['response'] {
  if (ending.kind !== 'committed') return null;
  const delivered = results.filter(({ status }) => status === 'delivered').length;
  const body = ending.words.join('\n');
  return {
    summary: `COMMIT: ${group.operation} ${delivered} of ${results.length} rows`,
    headers: {},
    body: body === '' ? null : body.slice(0, responseMax),
  };
}

function errorOf(ending: Ending): string | null {
  if (ending.kind === 'committed') return null;
  if (ending.kind !== 'failed') return 'The answer to COMMIT was lost.';
  return ending.failure.kind === 'fatal' ? ending.failure.error.message : ending.failure.message;
}
