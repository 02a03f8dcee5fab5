import { type OpenPlan, type SentRange, sentRanges } from '../plan/open-plan.ts';
import type { BatchIntent } from '../ports.ts';
import type { Consignment } from './deliver.ts';
import { type SeqRange, subtractRanges } from './seq-ranges.ts';

/** Rows of the plan that become one file. */
export interface PlannedFile {
  readonly intent: BatchIntent;
  readonly part: { readonly number: number; readonly of: number };
}

/**
 * Cuts what is left of a plan into files, in the order of the plan. The bounds follow from the plan alone, so a worker
 * that takes over writes the same files; files in doubt keep theirs.
 */
export function* planFiles(
  { plan, ranges, settled, doubtful }: Omit<Consignment, 'settle'>,
  rowsMax: number,
): Generator<PlannedFile> {
  const classes = sentRanges(plan.counts);
  for (const range of ranges) {
    const whole = classes.find((one) => one.class === range.class) ?? range;
    const inDoubt = doubtful
      .filter(({ seqFrom }) => seqFrom >= range.from && seqFrom <= range.to)
      .map(({ seqFrom, seqTo }) => ({ from: seqFrom, to: seqTo }));
    const open = subtractRanges(range, [...settled, ...inDoubt].sort(byFrom));
    const pieces = [
      ...open.flatMap((piece) => cutAtBounds(piece, whole.from, rowsMax)),
      // Where rows in doubt are held, they are booked as uncertain in the end, and a person decides.
      ...(plan.metadata.holdsDoubts ? [] : inDoubt),
    ];
    for (const { from, to } of pieces.sort(byFrom)) {
      yield {
        intent: { seqFrom: from, seqTo: to, class: range.class },
        part: partOf(from, whole, rowsMax),
      };
    }
  }
}

/** The columns of rows of a class. */
export const fileColumns = ({ metadata }: OpenPlan, { class: name }: BatchIntent) => [
  metadata.primaryKey,
  ...(name === 'removed' ? metadata.ledgerValues : metadata.values),
];

const byFrom = (a: SeqRange, b: SeqRange): number => a.from - b.from;

function cutAtBounds(piece: SeqRange, first: number, rowsMax: number): SeqRange[] {
  const files: SeqRange[] = [];
  for (let { from } = piece; from <= piece.to; ) {
    const number = Math.floor((from - first) / rowsMax);
    const to = Math.min(piece.to, first + (number + 1) * rowsMax - 1);
    files.push({ from, to });
    from = to + 1;
  }
  return files;
}

const partOf = (from: number, whole: SentRange, rowsMax: number): PlannedFile['part'] => ({
  number: Math.floor((from - whole.from) / rowsMax) + 1,
  of: Math.ceil((whole.to - whole.from + 1) / rowsMax),
});
