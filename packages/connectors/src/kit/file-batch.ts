import type { ChangeClass } from '@sluice/domain/change';
import type { Column } from '@sluice/domain/column';
import type { Exchange } from '@sluice/domain/sync';
import type { Delivery, DestinationRecord, RecordResult } from './destination.ts';

/** Rows of one class that become one file. The same on every try and for every worker that takes the run over. */
export interface FileBatch {
  readonly class: ChangeClass;
  /** Which of the files of its class it is, from 1, and how many there are. */
  readonly part: { readonly number: number; readonly of: number };
  /** The columns of the rows with their types, the primary key first. */
  readonly columns: readonly Column[];
  /** The records in the order of the plan, a window at a time; from the start with each call. */
  rows(): AsyncIterable<readonly DestinationRecord[]>;
}

/** A record that cannot stand in the file; the file is written without it. */
export interface RejectedRecord {
  readonly record: DestinationRecord;
  readonly code: string;
  readonly message: string;
}

export type FileResult =
  /** The whole file is visible under its name, with all records but those rejected. */
  | {
      readonly status: 'complete';
      readonly rejected: readonly RejectedRecord[];
      readonly exchanges: readonly Exchange[];
    }
  /** As for a record: nothing is visible, unless `inDoubt` or `uncertain` say that it may be. */
  | (Extract<RecordResult, { status: 'retry' | 'uncertain' }> & { readonly exchanges: readonly Exchange[] });

/**
 * How a destination writes files. A file has a beginning and an end: it becomes visible whole or not at all, and none of
 * its rows is delivered before. Writing the same batch again replaces the file.
 */
export interface FileLife {
  /** Rows of one file at most: a class with more rows becomes several files. */
  readonly rowsMax: number;
  /**
   * Writes one file from beginning to end. `delivery.admit` before each request; a run that stops in the middle is
   * `{ status: 'retry', code: 'not_sent' }`, and what was sent so far is thrown away. Throws a SluiceError when nothing is
   * visible and going on is useless. What `rows` throws is let through.
   */
  write(file: FileBatch, delivery: Delivery): Promise<FileResult>;
}
