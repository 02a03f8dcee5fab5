import { type ChangeClass, type RunCounts, sentOf } from '@sluice/domain/change';
import type { SeqRange } from '../deliver/seq-ranges.ts';
import type { Duck } from '../duck.ts';
import type { PlanMetadata } from '../ledger/file-metadata.ts';
import { classOrder } from './plan-changes.ts';

/** A plan while its run goes on: a local file and what is known about it. */
export interface OpenPlan {
  readonly duck: Duck;
  readonly path: string;
  readonly metadata: PlanMetadata;
  readonly size: number;
  /** Counts as planned: nothing delivered yet. */
  readonly counts: RunCounts;
}

export interface SentRange extends SeqRange {
  readonly class: ChangeClass;
}

/** Positions of the rows that are sent, by class, in the order of delivery. Empty classes are left out. */
export function sentRanges(counts: RunCounts): SentRange[] {
  let before = 0;
  return classOrder.flatMap((name) => {
    const from = before + 1;
    const to = before + sentOf(counts, name);
    before += counts.planned[name];
    return to < from ? [] : [{ class: name, from, to }];
  });
}
