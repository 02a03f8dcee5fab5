import type { DestinationRecord, RecordResult } from '../destination.ts';
import type { ApiSession } from './api-client.ts';
import type { ApiAnswer, ApiRequest } from './api-request.ts';
import type { RequestFailure } from './request-failed.ts';

type RefusedRequest = Extract<RequestFailure, { kind: 'refused' }>;

/** How much one request may hold. Bytes are those of the encoded items, measured before anything is compressed. */
export interface BatchLimits {
  readonly rows: number;
  readonly bytes?: number;
  readonly recordBytes?: number;
}

/** Thrown while a record is encoded: it cannot be sent as it is. The row is rejected with these words. */
export class RowRejected extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'RowRejected';
    this.code = code;
  }
}

/** Records that travel in one request. */
export interface Portion {
  readonly records: readonly DestinationRecord[];
  /** One per record. */
  readonly items: readonly string[];
  /** The same for the same records on every try of a run. */
  readonly idempotencyKey: string;
}

/** One way of writing records: an endpoint, what goes into it, and how its answer speaks of single rows. */
export interface Route {
  /** Records of different routes never share a request. */
  readonly name: string;
  readonly batch: BatchLimits;
  /** The part of the request that the record becomes: JSON text, an id, a line. Throws `RowRejected`. */
  encode(record: DestinationRecord): string;
  /**
   * What must not be twice in one request, where the vendor cannot stand it: later ones go into the next request.
   * `null` = this record collides with none.
   */
  identity?(record: DestinationRecord): string | null;
  request(portion: Portion): ApiRequest;
  /** One result per record of the portion, in its order. */
  read(answer: ApiAnswer, portion: Portion): readonly RecordResult[];
  /**
   * What the refusal of a record that stands alone means, where it is no rejection: one that is gone need not be
   * deleted. `null` = it is one.
   */
  refusal?(failure: RefusedRequest, record: DestinationRecord): RecordResult | null;
  /**
   * Takes the place of `request` and `read` where one request is not enough (ids have to be looked up first).
   * `request` is still what a preview shows.
   */
  send?(portion: Portion, session: ApiSession): Promise<readonly RecordResult[]>;
  /** `send` asks a job that it began before, and begins none where the session only asks; other routes are not used then. */
  readonly asks?: true;
}

/** Which way a record takes; `batchRows` are the records that are delivered together, for vendors with a way for many. */
export type RouteOf = (record: DestinationRecord, batchRows: number) => Route;

/** The only result that needs no words. */
export const delivered: RecordResult = { status: 'delivered' };

/** Nobody can be asked what became of the row, and it must not be sent a second time. */
export const unasked: RecordResult = {
  status: 'uncertain',
  code: 'interrupted',
  message: 'The request was interrupted; the row may or may not have arrived.',
};

/** The vendor refused this row for good as it is; `message` are its own words. */
export const rejected = (code: string, message: string): RecordResult => ({
  status: 'rejected',
  code: codeText(code),
  message: message === '' ? 'The destination refused this row without a reason.' : message.slice(0, 1_000),
});

/** The answer does not speak of this row, although it should. */
export const unexplained = (vendor: string): RecordResult => ({
  status: 'uncertain',
  code: 'answer_incomplete',
  message: `The answer of ${vendor} says nothing about this row.`,
});

/** `INVALID_EMAIL` and `Invalid email!` are both `invalid_email`. */
export const codeText = (code: string): string =>
  code
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60) || 'refused';
