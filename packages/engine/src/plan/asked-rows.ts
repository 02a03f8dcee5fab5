import type { Column } from '@sluice/domain/column';

/**
 * Rows that somebody asked for, before they are held against the ledger of now. The SQL has the columns `key`, `class`,
 * `fp`; what the ledger must say of the key, otherwise something newer is known of it and the row is left alone:
 * `was_known`, `was_fp` (with `check_fp`), `was_doubt`, and with `check_values` also `e0…`; and the values to send, `v0…`.
 */
export interface AskedRows {
  readonly relation: string;
  readonly primaryKey: Column;
  /** Definitions of `v0…`. */
  readonly values: readonly Column[];
  /** Definitions of `e0…`. */
  readonly expected: readonly Column[];
  /** Names under `fp`, sorted, the primary key included. */
  readonly fingerprinted: readonly string[];
}

/** A row that is left alone for another reason has a class that no mode sends. */
export const leftAlone = `'none'`;
