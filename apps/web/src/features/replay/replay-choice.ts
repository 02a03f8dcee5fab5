import type { ReplayRun, RowCorrection } from '@sluice/domain/run-selection';

/** A row that a person chose to send again, with the values they corrected. */
export interface ChosenRow {
  readonly seq: number;
  readonly key: string;
  readonly values: RowCorrection['values'];
}

/** Chosen rows by position in the plan, in the order in which they were chosen. */
export type ReplayChoice = ReadonlyMap<number, ChosenRow>;

export const noChoice: ReplayChoice = new Map();

/** Chosen or not; a correction of an earlier choice stays. */
export function chooseRow(
  choice: ReplayChoice,
  row: { seq: number; key: string },
  chosen: boolean,
): ReplayChoice {
  const next = new Map(choice);
  if (chosen) next.set(row.seq, choice.get(row.seq) ?? { seq: row.seq, key: row.key, values: {} });
  else next.delete(row.seq);
  return next;
}

/** Chooses the row with these corrections, which replace earlier ones. */
export function correctRow(choice: ReplayChoice, row: ChosenRow): ReplayChoice {
  return new Map(choice).set(row.seq, row);
}

/** What the API is asked for. */
export function replayOf(runId: number, choice: ReplayChoice): ReplayRun {
  const rows = [...choice.values()];
  return {
    runId,
    rows: { which: 'chosen', seqs: rows.map(({ seq }) => seq) },
    corrections: correctedRows(choice).map(({ seq, values }) => ({ seq, values })),
    ignoreGuards: false,
  };
}

/** Those with a corrected value. */
export const correctedRows = (choice: ReplayChoice): ChosenRow[] =>
  [...choice.values()].filter(({ values }) => Object.keys(values).length > 0);

/** The values that differ from those of the row, as text; NULL is `null`. */
export function changedValues(
  before: Readonly<Record<string, string | null>>,
  after: Readonly<Record<string, string | null>>,
): Record<string, string | null> {
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => before[name] !== value));
}
