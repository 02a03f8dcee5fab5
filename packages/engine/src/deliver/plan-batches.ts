import type { ChangeClass } from '@sluice/domain/change';
import type { OpenPlan, SentRange } from '../plan/open-plan.ts';
import { readPortions, readRows } from '../plan/plan-rows.ts';
import type { PlannedChange } from '../plan/planned-change.ts';
import type { BatchIntent } from '../ports.ts';
import { literal } from '../sql.ts';
import type { Consignment } from './deliver.ts';
import { cutPayloads, doubtPayload, type PayloadsOf, type PlannedPayload } from './plan-payloads.ts';
import { type SeqRange, subtractRanges } from './seq-ranges.ts';

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
  { plan, ranges, settled, doubtful }: Omit<Consignment, 'settle'>,
  rowsMax: number,
  payloads: PayloadsOf,
): AsyncGenerator<PlannedBatch | PlannedPayload> {
  for (const range of ranges) {
    const text = payloads(range.class);
    const inDoubt = doubtful.filter(({ seqFrom }) => seqFrom >= range.from && seqFrom <= range.to);
    const taken = [...settled, ...inDoubt.map(({ seqFrom, seqTo }) => ({ from: seqFrom, to: seqTo }))];
    const open = subtractRanges(range, taken.sort(byFrom));
    const pieces = [
      ...open.map((piece) => ({ ...piece, doubt: null })),
      ...inDoubt.map((doubt) => ({ from: doubt.seqFrom, to: doubt.seqTo, doubt })),
    ].sort(byFrom);
    for (const piece of pieces) {
      const { doubt } = piece;
      const holds = plan.metadata.holdsDoubts === true;
      // Where rows in doubt are held, they are booked as uncertain in the end, and a person decides, unless there is a job
      // that can be asked.
      if (doubt && holds && doubt.memory === undefined) continue;
      if (doubt) {
        const again =
          text && !holds
            ? await doubtPayload(plan, text, { ...piece, class: range.class, memory: doubt.memory })
            : null;
        yield again ?? batchOf(range.class, await readRange(plan, piece), doubt);
      } else if (text) {
        for await (const next of cutPayloads(plan, text, { ...piece, class: range.class })) {
          if ('payload' in next) yield next;
          else yield* cut(plan, range.class, next, rowsMax);
        }
      } else yield* cut(plan, range.class, piece, rowsMax);
    }
  }
}

/** The rows of a range, in windows of at most `rowsMax` that fit into memory. */
export async function* readWindows(
  plan: OpenPlan,
  { class: name, ...range }: SentRange,
  rowsMax: number,
): AsyncGenerator<readonly PlannedChange[]> {
  for await (const { changes } of cut(plan, name, range, rowsMax)) yield changes;
}

/** Rows of the plan between two positions. */
export const readRange = (plan: OpenPlan, range: SeqRange): Promise<PlannedChange[]> =>
  readRows(plan.duck, plan.path, plan.metadata, within(range));

export const within = ({ from, to }: SeqRange): string => `seq BETWEEN ${from} AND ${to}`;

export interface WindowLimits {
  readonly rows: number;
  readonly bytes: number;
}
const recordWindows: WindowLimits = { rows: 10_000, bytes: 4 * 1024 * 1024 };

const byFrom = (a: SeqRange, b: SeqRange): number => a.from - b.from;

async function* cut(
  plan: OpenPlan,
  className: ChangeClass,
  range: SeqRange,
  rowsMax: number,
): AsyncGenerator<PlannedBatch> {
  for await (const portions of ahead(wholeWindows(plan, range, rowsMax))) {
    let waiting: PlannedChange[] = [];
    for (const changes of portions) {
      let start = 0;
      for (let end = rowsMax - waiting.length; end <= changes.length; start = end, end += rowsMax) {
        yield batchOf(className, [...waiting, ...changes.slice(start, end)], null);
        waiting = [];
      }
      waiting.push(...changes.slice(start));
    }
    if (waiting.length > 0) yield batchOf(className, waiting, null);
  }
}

async function* wholeWindows(
  plan: OpenPlan,
  range: SeqRange,
  rowsMax: number,
): AsyncGenerator<Iterable<PlannedChange[]>> {
  for await (const window of windowsOf(plan, range, rowsMax, recordWindows)) {
    yield await readPortions(plan.duck, plan.path, plan.metadata, within(window));
  }
}

/** Neighbouring ranges, each of whole batches where they fit. */
export async function* windowsOf(
  plan: OpenPlan,
  range: SeqRange,
  rowsMax: number,
  limits: WindowLimits,
): AsyncGenerator<SeqRange> {
  const windows = await weighWindows(plan, range, rowsMax, limits);
  if (windows.length > 2) await plan.duck.rememberFiles();
  for (const window of windows) {
    for (let { from } = window; from <= window.to; ) {
      const to = window.fits ? window.to : await windowEnd(plan, from, window.to, limits);
      yield { from, to };
      from = to + 1;
    }
  }
}

/** Has the next item made, by threads of DuckDB, while the one before is worked on. */
export async function* ahead<Item>(items: AsyncGenerator<Item>): AsyncGenerator<Item> {
  let next = items.next();
  for (let item = await next; !item.done; item = await next) {
    next = items.next();
    // Whoever awaits it hears of a failure; nobody does who stops before.
    next.catch(() => undefined);
    yield item.value;
  }
}

/** What is weighed at once when windows are made; far fewer rows than a window has. */
const blockRows = 500;

/**
 * Windows of whole batches, so that only the last batch of a range is smaller than it could be. One that does not `fit`
 * holds few rows that are too long, and has to be cut further.
 */
async function weighWindows(
  plan: OpenPlan,
  range: SeqRange,
  rowsMax: number,
  limits: WindowLimits,
): Promise<(SeqRange & { readonly fits: boolean })[]> {
  const size = rowsMax * Math.max(1, Math.floor(blockRows / rowsMax));
  const blocks = await plan.duck.rows(`
    SELECT ((seq - ${range.from}) // ${size})::INTEGER AS block, sum(bytes)::DOUBLE
    FROM read_parquet(${literal(plan.path)}) WHERE seq BETWEEN ${range.from} AND ${range.to}
    GROUP BY block ORDER BY block`);
  const windows: (SeqRange & { bytes: number })[] = [];
  for (const [block, weight] of blocks) {
    const from = range.from + Number(block) * size;
    const to = Math.min(range.to, from + size - 1);
    const bytes = Number(weight);
    const last = windows.at(-1);
    const joins = last && to - last.from < limits.rows && last.bytes + bytes <= limits.bytes;
    if (joins) windows[windows.length - 1] = { from: last.from, to, bytes: last.bytes + bytes };
    else windows.push({ from, to, bytes });
  }
  return windows.map(({ from, to, bytes }) => ({ from, to, fits: bytes <= limits.bytes }));
}

/** The last position such that the window stays within its bytes; at least `from` itself. */
async function windowEnd(plan: OpenPlan, from: number, to: number, { bytes }: WindowLimits): Promise<number> {
  const [row] = await plan.duck.rows(`
    SELECT max(seq) FROM (
      SELECT seq, sum(bytes) OVER (ORDER BY seq) AS total FROM read_parquet(${literal(plan.path)})
      WHERE seq BETWEEN ${from} AND ${to})
    WHERE total <= ${bytes} OR seq = ${from}`);
  return Number(row?.[0] ?? to);
}

function batchOf(
  className: ChangeClass,
  changes: PlannedChange[],
  doubt: Pick<BatchIntent, 'memory'> | null,
): PlannedBatch {
  const seqFrom = changes[0]?.seq ?? 0;
  const seqTo = changes.at(-1)?.seq ?? 0;
  const memory = doubt?.memory;
  const intent = { seqFrom, seqTo, class: className, ...(memory !== undefined && { memory }) };
  return { intent, doubtful: doubt !== null, changes };
}
