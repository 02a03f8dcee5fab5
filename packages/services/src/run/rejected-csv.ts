import { type Actor, authorise } from '@sluice/domain/actor';
import type { Row, Value } from '@sluice/domain/column';
import { readPlanRows } from '@sluice/engine/plan/plan-reader';
import { stringify } from 'csv-stringify/sync';
import type { ServiceContext } from '../context.ts';
import { loadPlan, type PlannedRun } from './load-plan.ts';

const pageSize = 1_000;

/**
 * Rejected rows of a run as CSV, in pieces: key, class, reason, then the columns of the model's row. Cells that a
 * spreadsheet would run as a formula are prefixed with an apostrophe. Throws `not_found`, `plan_missing`, `forbidden`.
 */
export async function rejectedCsv(
  ctx: ServiceContext,
  actor: Actor,
  input: { runId: number },
): Promise<AsyncGenerator<string>> {
  authorise(actor, 'run.rows');
  const run = await loadPlan(ctx, actor, input.runId);
  return write(ctx, run);
}

async function* write(ctx: ServiceContext, run: PlannedRun): AsyncGenerator<string> {
  const columns = run.plan?.columns.map(({ name }) => name) ?? [];
  // Excel reads UTF-8 only with a byte order mark.
  yield `\uFEFF${line(['primary_key', 'change', 'reason_code', 'reason', ...columns])}`;
  for (let after = 0; ; ) {
    const rejected = await ctx.db.runException.findMany({
      where: { runId: run.id, workspaceId: run.workspaceId, outcome: 'rejected', seq: { gt: after } },
      orderBy: { seq: 'asc' },
      take: pageSize,
    });
    const rows = await rowsOf(
      ctx,
      run,
      rejected.map(({ seq }) => seq),
    );
    yield rejected
      .map(({ seq, key, class: name, code, message }) =>
        line([key, name, code, message, ...columns.map((column) => text(rows.get(seq)?.[column]))]),
      )
      .join('');
    const last = rejected.at(-1);
    if (!last || rejected.length < pageSize) return;
    after = last.seq;
  }
}

async function rowsOf(ctx: ServiceContext, run: PlannedRun, seqs: number[]): Promise<Map<number, Row>> {
  if (!run.plan || seqs.length === 0) return new Map();
  const file = await ctx.blobs.read(run.plan.blobKey);
  try {
    const changes = await readPlanRows(file.path, { afterSeq: 0, limit: seqs.length, seqs });
    return new Map(changes.map((change) => [change.seq, change.row]));
  } finally {
    await file.release();
  }
}

function text(value: Value | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') {
    return JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? item.toString() : item));
  }
  return String(value);
}

/** See https://owasp.org/www-community/attacks/CSV_Injection (read November 2026). A plain number is no formula. */
const guarded = (cell: string): string =>
  /^[=+\-@\t\r]/.test(cell) && !/^-\d+(\.\d+)?$/.test(cell) ? `'${cell}` : cell;

const line = (cells: readonly string[]): string =>
  // Any kind of line break is quoted, not only the one that ends a record.
  stringify([cells.map(guarded)], { record_delimiter: '\r\n', quoted_match: /[\r\n]/ });
