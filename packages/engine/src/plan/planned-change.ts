import type { ChangeClass } from '@sluice/domain/change';
import type { Row } from '@sluice/domain/column';

/** One row of a plan, with values instead of text. */
export interface PlannedChange {
  /** Position in the plan, from 1. */
  readonly seq: number;
  readonly class: ChangeClass;
  readonly key: string;
  /** False: counted and taken as known, but the mode does not send it. */
  readonly sent: boolean;
  /** In doubt: not sent before somebody says whether it arrived. */
  readonly held?: boolean;
  /** The model's row, used columns only; for removed rows what the ledger kept. */
  readonly row: Row;
  /** The row as last acknowledged, as far as the ledger kept it; `null` when it did not know the key. */
  readonly ledgerValues: Row | null;
  /** Key of another row of the model with the same match value: which of them would win is anybody's guess. */
  readonly twin?: string | null;
  /** The row is too long to be sent: so many bytes, and its long values are not in `row`. */
  readonly oversize?: number | null;
}
