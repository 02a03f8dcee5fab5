import type { Column } from '@sluice/domain/column';
import type { ModelQuery } from '@sluice/domain/query';

/** The schema (database, dataset …) of the source that an administrator gives to Sluice. */
export const plannerSchema = 'sluice_planner';

/**
 * What lets a source compare a model with the ledger by itself, so that unchanged rows never travel. It holds a
 * *mirror* of the ledger of each sync: for each key the **print** of the model's row, a hash of the row as the source
 * itself writes it. An equal print means an unchanged row; anything else travels and is judged by the engine against
 * the ledger. So prints need not be the same anywhere else, a mirror may be lost or old, and the source never decides
 * what is sent, only what need not be looked at.
 *
 * The model's SQL runs in read-only transactions alone; no method that writes runs a word of it. All methods throw
 * `planner_not_ready`, with the statements to run, when the schema is missing or may not be written, and what a
 * `SourceConnection` throws.
 */
export interface SourcePlanner {
  /** Which ledger the mirror of a sync holds; `null` when there is none. */
  mirror(syncId: number): Promise<MirrorState | null>;
  /** Writes a mirror from `key, print, match`, in the place of what there is. */
  replace(syncId: number, to: MirrorState, path: string): Promise<void>;
  /**
   * Takes a mirror from one ledger to a later one by the keys that have moved: `key, fingerprint, match, gone`. A print
   * that was remembered for this fingerprint counts from here on. False: the mirror holds another ledger by now.
   */
  advance(syncId: number, from: MirrorState, to: MirrorState, path: string): Promise<boolean>;
  /**
   * Remembers the prints of rows that have travelled: `key, fingerprint, print, known`. Where `known` is true the ledger
   * has this fingerprint already, and the print counts at once, if the mirror still holds that ledger.
   */
  remember(syncId: number, at: MirrorState, path: string): Promise<void>;
  /**
   * Runs the model and writes to `path` what does not have the print of the mirror, in the form of `SourceConnection.spool`
   * and only when the result is complete. Columns: `kind`, `number`, `key`, `print`, and the chosen values. Without a mirror
   * every row is there, whatever its key, with `kind` `row`, and nothing else. Otherwise by `kind`:
   *
   * - `row`: a row that may have changed, unless its key is NULL, empty or used twice.
   * - `near`: key and match value of a row that is not among them and shares its match value with one that is, or with
   *   a key that is gone.
   * - `gone`: a key of the mirror that the model does not have.
   * - `twice`: a key that `number` rows have.
   * - `queried`, `unkeyed`, `held` (once each): the `number` of rows of the model, of those with a NULL or empty key, and
   *   of keys in the mirror.
   */
  compare(query: ModelQuery, comparison: Comparison, path: string): Promise<ComparedResult>;
  /** Ids of the syncs that there are mirrors of. */
  list(): Promise<number[]>;
  /** Removes the mirrors of these syncs and all else that the planner keeps for them. */
  drop(syncIds: readonly number[]): Promise<void>;
}

export interface MirrorState {
  /** Names of the files that the ledger is made of, the base first. */
  readonly files: readonly string[];
  /** The column whose values are kept as `match`; `null` for none. */
  readonly matchColumn: string | null;
}

export interface Comparison {
  readonly syncId: number;
  /** Picks from the columns of the result. Throws what is wrong with them. */
  choose(columns: readonly Column[]): ComparedColumns;
  /** Called as rows arrive. */
  onProgress(rows: number): void;
}

export interface ComparedColumns {
  /** Positions in the result: the primary key, and the values in the order in which they are wanted. */
  readonly key: number;
  readonly values: readonly number[];
  /** Which of the values is the match value; `null` when it is the key, or there is none. */
  readonly match: number | null;
  /** The ledger that the mirror has to hold; `null`: every row is wanted. */
  readonly mirror: MirrorState | null;
}

export interface ComparedResult {
  readonly columns: Column[];
  /** Lines in the file. */
  readonly rows: number;
  readonly bytes: number;
  /** The files, where a long result was written to several; each ends with a row. */
  readonly files?: readonly string[];
  /** False: the mirror held another ledger, or there was none, so nothing was compared and nothing was written. */
  readonly compared: boolean;
  /** Why the source cannot compare this model, in words for people: every row has to be read. */
  readonly declined?: string;
}
