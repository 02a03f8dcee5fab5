import type { ChangeClass } from '@sluice/domain/change';
import type { Exchange } from '@sluice/domain/sync';
import type { Operation } from '@sluice/domain/sync-mode';
import type { BatchResult, Delivery, DestinationRecord, RecordResult } from './destination.ts';

/**
 * How rows of one class are written as text, said as data: then the engine writes whole batches where the rows lie, several
 * times faster than an object could be made of each. Rows that cannot be written so exactly come as records all the same.
 */
export interface PayloadFormat {
  /** Rows in one payload at most; may be more than `batchRowsMax`. */
  readonly rowsMax: number;
  readonly rows: JsonRows | TextLines;
}

/** Rows of the model as JSON objects: the primary key, then every column that is used. */
export interface JsonRows {
  readonly kind: 'json';
  readonly before: string;
  readonly between: string;
  readonly after: string;
}

/**
 * Mapped fields in lines of COPY's text format, with `delimiter` (one ASCII character) and `nullText` (which no value can
 * be). https://www.postgresql.org/docs/current/sql-copy.html (2026-11-22)
 */
export interface TextLines {
  readonly kind: 'lines';
  readonly delimiter: string;
  readonly nullText: string;
  readonly fields: readonly LineField[];
}

export interface LineField {
  /** A field of the destination that is mapped, or the match value. */
  readonly from: { readonly field: string } | 'match';
  /** What reads the text: anything, a numeric type (which sees no trailing zeros), or JSON. */
  readonly reads: 'text' | 'number' | 'json';
}

/** Rows of one class, in the order of the plan. */
export interface Payload {
  readonly class: ChangeClass;
  readonly operation: Operation;
  readonly rows: number;
  /** UTF-8, with what stands before and after the rows. */
  readonly bytes: Uint8Array;
}

/** What became of a payload. */
export type PayloadOutcome =
  | { readonly kind: 'all'; readonly result: RecordResult; readonly exchanges: readonly Exchange[] }
  /**
   * It has to be said row by row: `judge` does, given the records, within the same call of `deliver`. What was answered is
   * not sent again.
   */
  | { readonly kind: 'apart'; judge(records: readonly DestinationRecord[]): Promise<BatchResult> };

/** Writes payloads of one sync; the rules of `DestinationWriter.deliver` hold. */
export interface PayloadWriter {
  /** `null`: rows of this class come as records. */
  format(name: ChangeClass): PayloadFormat | null;
  deliver(payload: Payload, delivery: Delivery): Promise<PayloadOutcome>;
}
