import type { ChangeClass } from '@sluice/domain/change';
import type { Row, Value } from '@sluice/domain/column';
import type {
  CheckResult,
  ConnectorCategory,
  DestinationObject,
  DestinationObjectDetail,
  ObjectSupport,
} from '@sluice/domain/connector';
import type { ConfigField } from '@sluice/domain/field';
import type { Exchange, RequestView, SyncConfiguration } from '@sluice/domain/sync';
import type { Operation } from '@sluice/domain/sync-mode';
import type { ConnectContext } from './context.ts';
import type { FileLife } from './file-batch.ts';
import type { OAuthDefinition } from './oauth.ts';
import type { PayloadWriter } from './payload.ts';
import type { Configuration } from './source.ts';

/** A kind of destination, as data plus the one function that connects. */
export interface DestinationDefinition {
  readonly slug: string;
  readonly name: string;
  readonly category: ConnectorCategory;
  readonly description: string;
  readonly docsUrl: string;
  readonly icon: string;
  readonly fields: readonly ConfigField[];
  readonly checks: readonly { readonly name: string; readonly label: string }[];
  /** Access by signing in at the vendor; the configuration then has a field of kind `grant`. */
  readonly oauth?: OAuthDefinition;
  /** What can be written, for the table of `docs/destinations`. */
  readonly writes: readonly ObjectSupport[];
  /** What the tests run against: `a real server`, `a fake that every request is judged by the vendor's description`. */
  readonly testedAgainst: string;
  /** The destination cannot tell a repeated request from a new one: what is sent again arrives twice. */
  readonly cannotTellRepeat?: boolean;
  /** The destination answers with counts alone; what that means for a row: `accepted by Meta, matched later`. */
  readonly countsOnly?: string;
  /** Throws `input_invalid` for values that fit their fields and still make no sense (a URL with a password). */
  readonly assertConfiguration?: (configuration: Configuration) => void;
  open(configuration: Configuration, context: ConnectContext): DestinationConnection;
}

/** One use of a destination. Methods throw SluiceError with a `destination_*` or `egress_refused` code. */
export interface DestinationConnection {
  check(): AsyncIterable<CheckResult>;
  listObjects(): Promise<DestinationObject[]>;
  /** Throws `destination_object_missing`. */
  describeObject(id: string): Promise<DestinationObjectDetail>;
  /**
   * Checks a sync's configuration against the object: the mode is offered, the match key is unique, required fields
   * are mapped, read-only ones are not, options are valid. Answers field path → message; empty when all is well.
   * `columns` are the model's columns.
   */
  validate(configuration: SyncConfiguration, columns: readonly string[]): Promise<Record<string, string>>;
  /**
   * Which columns of the model the options use: `all`, or names. Mapped columns are added by the caller.
   * Decides the fingerprint.
   */
  columnsUsed(configuration: SyncConfiguration): readonly string[] | 'all';
  /**
   * The columns that the options name, also where `columnsUsed` is `all`: without one of them no row can be sent.
   * Mapped columns are added by the caller.
   */
  columnsNamed(configuration: SyncConfiguration): readonly string[];
  /** Which columns must be kept in the ledger so that a removed row can still be sent: `all`, or names. */
  columnsForRemoval(configuration: SyncConfiguration): readonly string[] | 'all';
  /** Of destinations that keep files: a run without rows writes one all the same. */
  writesEmptyFiles?(configuration: SyncConfiguration): boolean;
  /** `variables` are the facts of `mappingVariables` about the run, for templates: `{{ context.run-id }}`. */
  writer(
    configuration: SyncConfiguration,
    variables?: Readonly<Record<string, Value>>,
  ): Promise<DestinationWriter>;
  close(): Promise<void>;
}

/** A change, mapped: what the destination shall do with one record. */
export interface DestinationRecord {
  /** Position in the plan; stable over retries. */
  readonly seq: number;
  readonly key: string;
  readonly class: ChangeClass;
  readonly operation: Operation;
  /** Value of the match field; from the ledger for removed rows; `null` where the sync has no match key. */
  readonly matchValue: Value;
  /** Destination field → value; empty where the object uses templates. */
  readonly fields: Row;
  /** The model's row; for removed rows the columns kept in the ledger. */
  readonly row: Row;
}

/** What became of one record. There is no "assume success": a batch answers for each of its records. */
export type RecordResult =
  | { readonly status: 'delivered' }
  /** This record is wrong, or refused for good as it is. `code` is short and stable, `message` the destination's words. */
  | { readonly status: 'rejected'; readonly code: string; readonly message: string }
  /**
   * Not applied, and may work later. `inDoubt`: a server error that may have come after the work was done; a row
   * whose last attempt ends so is uncertain, not rejected.
   */
  | {
      readonly status: 'retry';
      readonly code: string;
      readonly message: string;
      readonly afterMs?: number;
      readonly inDoubt?: boolean;
    }
  /** May or may not have been applied: the answer was lost or unreadable. */
  | { readonly status: 'uncertain'; readonly code: string; readonly message: string };

export interface BatchResult {
  /** One per record, in the order of the batch. */
  readonly results: readonly RecordResult[];
  readonly exchanges: readonly Exchange[];
}

/** At most `count` requests start in any `perMs` milliseconds. `count` may be a fraction: 0.5 in 1,000 ms is one in two seconds. */
export interface RequestLimit {
  readonly count: number;
  readonly perMs: number;
}

export interface WriterLimits {
  /** Records in one `deliver`. */
  readonly batchRowsMax: number;
  /** Calls of `deliver` at once in one worker: as many as keep the destination busy. Several workers may deliver one run. */
  readonly concurrency: number;
  /**
   * Calls of `deliver` at once over all workers and all syncs to this destination, where the destination counts open
   * requests. Left out, only `concurrency` holds, in each worker.
   */
  readonly sharedConcurrency?: number;
  /**
   * What the destination allows; each of them holds, over all workers and all syncs to this destination. Starts are
   * spread evenly, with bursts of up to a tenth of `count`. Empty = no limit of ours.
   */
  readonly requests: readonly RequestLimit[];
}

/** How one `deliver` is done. */
export interface Delivery {
  /** Cuts requests that are on their way. */
  readonly signal: AbortSignal;
  /** The same for each try of these rows. */
  readonly idempotencyKey: string;
  /**
   * Waits until one more request may start; to be awaited before every request that the connector starts, retries and
   * split batches included. Rejects with `NotAdmitted` when the run stops: what was not sent then is
   * `{ status: 'retry', code: 'not_sent' }`. When nothing of the batch was sent before, `NotAdmitted` may be let through.
   */
  admit(): Promise<void>;
  /**
   * Asked once more in the turn in which the request's first byte leaves (`beforeSend` of `egress.request`), or before
   * the statement that makes it count (COMMIT): between `admit` and then lie a queue, a name server, a handshake. Throws
   * `NotAdmitted` when it must not leave any more: then it is as if it had not been admitted.
   */
  confirm?(): void;
  /** Words that stay with these rows until they have their results; left out where nobody goes on with them. */
  readonly memory?: DeliveryMemory;
  /**
   * These rows may have been applied, and a person decides about doubts: jobs that the memory names are asked, and nothing
   * is sent a second time. Rows that no job of it holds are `uncertain`. Only set where something was kept.
   */
  readonly asksOnly?: boolean;
}

/**
 * What a destination keeps with the rows of one `deliver`, also for the worker that goes on when this one dies: the id of
 * a job that works without us, so that it is asked instead of sending the rows again.
 */
export interface DeliveryMemory {
  /** What was kept last; `null` when nothing was. */
  read(): string | null;
  /** Resolves when it is on disk. To be awaited before the request that begins the work. */
  keep(text: string): Promise<void>;
  /**
   * Whether another worker goes on with these rows when this delivery is stopped: then what works without us is left to
   * work, and the rows are `uncertain`.
   */
  readonly goesOn: boolean;
}

/** The run stops: no further request may start. */
export class NotAdmitted extends Error {
  constructor(cause?: unknown) {
    super('the run stops: no further request may start', { cause });
    this.name = 'NotAdmitted';
  }
}

/** Writes records of one sync to one object. `deliver` may be called `concurrency` times at once. */
export interface DestinationWriter {
  readonly limits: WriterLimits;
  /** Whether records of different operations or classes may share a batch. */
  readonly mixedBatches: boolean;
  /**
   * Sends a batch, with at most one request open at a time. Throws a SluiceError only when nothing of the batch can have
   * been applied and going on is useless (credentials refused, object gone): the run fails, and what is left is not
   * attempted. Everything about single records is a result.
   *
   * A destination that asks for a pause (HTTP 429, `Retry-After`): `retry` results with `afterMs`; then no worker starts
   * a request to this destination before that time. A quota that is used up for hours:
   * `throw new SluiceError('destination_quota', message, { details: { resumeAt } })`, `resumeAt` as ISO text in UTC; the
   * run ends, and the sync goes on then. If rows of this batch were applied before, answer the others as `retry`, and
   * throw in the next call.
   */
  deliver(batch: readonly DestinationRecord[], delivery: Delivery): Promise<BatchResult>;
  /**
   * Of destinations that keep files: runs are delivered through it, a file being one batch, and `deliver` only where a row
   * is tried.
   */
  readonly files?: FileLife;
  /** Of destinations that take text which can be said as data: whole batches come so, wherever a row has nothing special. */
  readonly payloads?: PayloadWriter;
  /** The requests that `deliver` would send, secrets masked, without sending anything. */
  preview(batch: readonly DestinationRecord[]): Promise<RequestView[]>;
  close(): Promise<void>;
}
