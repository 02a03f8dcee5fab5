import type { ChangeClass } from '@sluice/domain/change';
import { type OpenPlan, sentRanges } from './open-plan.ts';
import { readRows } from './plan-rows.ts';
import type { PlannedChange } from './planned-change.ts';
import type { BatchIntent } from './ports.ts';
import { type SeqRange, subtractRanges } from './seq-ranges.ts';
import { literal } from './sql.ts';

/** Rows of the plan that are sent together: one class, neighbouring positions. */
export interface PlannedBatch {
  readonly intent: BatchIntent;
  /** An earlier attempt may have sent exactly these rows and never learned the answer. */
  readonly doubtful: boolean;
  readonly changes: readonly PlannedChange[];
}

/**
 * Cuts what is left of a plan into batches, in the order of the plan. Batches in doubt keep their bounds. Memory is
 * bounded by rows and by bytes: a window of the plan is read at a time.
 */
export async function* planBatches(
  plan: OpenPlan,
  input: { settled: readonly SeqRange[]; doubtful: readonly BatchIntent[]; rowsMax: number },
): AsyncGenerator<PlannedBatch> {
  for (const range of sentRanges(plan.counts)) {
    const inDoubt = input.doubtful.filter(({ seqFrom }) => seqFrom >= range.from && seqFrom <= range.to);
    const taken = [...input.settled, ...inDoubt.map(({ seqFrom, seqTo }) => ({ from: seqFrom, to: seqTo }))];
    const open = subtractRanges(range, taken.sort(byFrom));
    const pieces = [
      ...open.map((piece) => ({ ...piece, doubtful: false })),
      ...inDoubt.map(({ seqFrom, seqTo }) => ({ from: seqFrom, to: seqTo, doubtful: true })),
    ].sort(byFrom);
    for (const piece of pieces) {
      if (piece.doubtful) yield batchOf(range.class, await readRange(plan, piece), true);
      else yield* cut(plan, range.class, piece, input.rowsMax);
    }
  }
}

/** Rows of the plan between two positions. */
export const readRange = (plan: OpenPlan, range: SeqRange): Promise<PlannedChange[]> =>
  readRows(plan.duck, plan.path, plan.metadata, `seq BETWEEN ${range.from} AND ${range.to}`);

const windowRows = 5_000;
const windowBytes = 4 * 1024 * 1024;

const byFrom = (a: SeqRange, b: SeqRange): number => a.from - b.from;

async function* cut(
  plan: OpenPlan,
  className: ChangeClass,
  range: SeqRange,
  rowsMax: number,
): AsyncGenerator<PlannedBatch> {
  // Windows hold whole batches, so that only the last batch of a range is smaller than it could be.
  const rows = rowsMax * Math.max(1, Math.floor(windowRows / rowsMax));
  let from = range.from;
  while (from <= range.to) {
    const to = await windowEnd(plan, from, Math.min(range.to, from + rows - 1));
    const changes = await readRange(plan, { from, to });
    for (let start = 0; start < changes.length; start += rowsMax) {
      yield batchOf(className, changes.slice(start, start + rowsMax), false);
    }
    from = to + 1;
  }
}

/** The last position such that the window stays under `windowBytes`; at least `from` itself. */
async function windowEnd(plan: OpenPlan, from: number, to: number): Promise<number> {
  const [row] = await plan.duck.rows(`
    SELECT max(seq) FROM (
      SELECT seq, sum(bytes) OVER (ORDER BY seq) AS total FROM read_parquet(${literal(plan.path)})
      WHERE seq BETWEEN ${from} AND ${to})
    WHERE total <= ${windowBytes} OR seq = ${from}`);
  return Number(row?.[0] ?? to);
}

function batchOf(className: ChangeClass, changes: PlannedChange[], doubtful: boolean): PlannedBatch {
  const seqFrom = changes[0]?.seq ?? 0;
  const seqTo = changes.at(-1)?.seq ?? 0;
  return { intent: { seqFrom, seqTo, class: className }, doubtful, changes };
}
