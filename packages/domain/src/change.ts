/** How a row of the model differs from what the destination has acknowledged. */
export const changeClasses = ['added', 'changed', 'removed'] as const;
export type ChangeClass = (typeof changeClasses)[number];

/** One number per class. */
export type ClassCounts = Record<ChangeClass, number>;

/**
 * Where every planned row ends. `skipped` rows belong to a class that the mode does not send (a changed row in
 * insert mode): they are counted, and the ledger takes their values as known.
 */
export const rowOutcomes = ['delivered', 'rejected', 'uncertain', 'not_attempted', 'skipped'] as const;
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
  /** Sent, but the answer was lost: sent again by the next run. */
  uncertain: ClassCounts;
  notAttempted: ClassCounts;
  skipped: ClassCounts;
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
});

export const sumCounts = (counts: ClassCounts): number => counts.added + counts.changed + counts.removed;

/** Whether every planned row is accounted for. The engine asserts it before a run ends. */
export function countsAddUp(counts: RunCounts): boolean {
  return changeClasses.every(
    (name) =>
      counts.planned[name] ===
      counts.delivered[name] +
        counts.rejected[name] +
        counts.uncertain[name] +
        counts.notAttempted[name] +
        counts.skipped[name],
  );
}
