/** How a row of the model differs from what the destination has acknowledged. */
export const changeClasses = ['added', 'changed', 'removed'] as const;
export type ChangeClass = (typeof changeClasses)[number];

/** One number per class. */
export type ClassCounts = Record<ChangeClass, number>;

/**
 * Where every planned row ends. `skipped` rows belong to a class that the mode does not send (a changed row in
 * insert mode): they are counted, and the ledger takes their values as known. `held` rows are in doubt and wait for a
 * person.
 */
export const rowOutcomes = [
  'delivered',
  'rejected',
  'uncertain',
  'held',
  'not_attempted',
  'skipped',
] as const;
export type RowOutcome = (typeof rowOutcomes)[number];

export interface RunCounts {
  /** Rows of the model query, invalid ones included. */
  queried: number;
  unchanged: number;
  /** Rows with a NULL primary key: never sent. */
  nullKeys: number;
  /** Rows whose primary key is not unique in the result: none of them is sent. */
  duplicateKeys: number;
  planned: ClassCounts;
  delivered: ClassCounts;
  rejected: ClassCounts;
  /** Sent, but the answer was lost: the next run sends them again, or holds them. */
  uncertain: ClassCounts;
  notAttempted: ClassCounts;
  skipped: ClassCounts;
  /** In doubt and not sent: somebody has to say whether they arrived. */
  held: ClassCounts;
  /** Rows that a replay or revert left alone, because something newer is known of their key. Not planned. */
  superseded: number;
}

export const noCounts = (): ClassCounts => ({ added: 0, changed: 0, removed: 0 });

export const noRunCounts = (): RunCounts => ({
  queried: 0,
  unchanged: 0,
  nullKeys: 0,
  duplicateKeys: 0,
  planned: noCounts(),
  delivered: noCounts(),
  rejected: noCounts(),
  uncertain: noCounts(),
  notAttempted: noCounts(),
  skipped: noCounts(),
  held: noCounts(),
  superseded: 0,
});

export const sumCounts = (counts: ClassCounts): number => counts.added + counts.changed + counts.removed;

/** Rows of a class that are sent, out of those that are planned. */
export const sentOf = (counts: RunCounts, name: ChangeClass): number =>
  counts.planned[name] - counts.skipped[name] - counts.held[name];

/** Rows of all classes that are sent. */
export const sumSent = (counts: RunCounts): number =>
  sumCounts(counts.planned) - sumCounts(counts.skipped) - sumCounts(counts.held);

/** Rows of a finished run that still wait for something: a correction, an answer, a decision, the next run. */
export const sumPending = ({ rejected, uncertain, held, notAttempted }: RunCounts): number =>
  sumCounts(rejected) + sumCounts(uncertain) + sumCounts(held) + sumCounts(notAttempted);

/** Whether every planned row is accounted for. The engine asserts it before a run ends. */
export function countsAddUp(counts: RunCounts): boolean {
  return changeClasses.every(
    (name) =>
      counts.planned[name] ===
      counts.delivered[name] +
        counts.rejected[name] +
        counts.uncertain[name] +
        counts.notAttempted[name] +
        counts.skipped[name] +
        counts.held[name],
  );
}
