import type { ChangeClass } from '@sluice/domain/change';
import type { Row, Value } from '@sluice/domain/column';
import type { CheckResult, DestinationObject, DestinationObjectDetail } from '@sluice/domain/connector';
import type { ConfigField } from '@sluice/domain/field';
import type { Exchange, RequestView, SyncConfiguration } from '@sluice/domain/sync';
import type { Operation } from '@sluice/domain/sync-mode';
import type { ConnectContext } from './context.ts';
import type { Configuration } from './source.ts';

/** A kind of destination, as data plus the one function that connects. */
export interface DestinationDefinition {
  readonly slug: string;
  readonly name: string;
  readonly category: 'database' | 'developer' | 'crm' | 'marketing' | 'advertising' | 'file' | 'stream';
  readonly description: string;
  readonly docsUrl: string;
  readonly icon: string;
  readonly fields: readonly ConfigField[];
  readonly checks: readonly { readonly name: string; readonly label: string }[];
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

/** Writes records of one sync to one object. `deliver` may be called `concurrency` times at once. */
export interface DestinationWriter {
  readonly limits: {
    /** Records in one `deliver`. */
    readonly batchRowsMax: number;
    /** Calls of `deliver` at once. */
    readonly concurrency: number;
    /** Requests per second; `null` = no limit of ours. */
    readonly requestsPerSecond: number | null;
  };
  /** Whether records of different operations or classes may share a batch. */
  readonly mixedBatches: boolean;
  /**
   * Sends a batch. Throws a SluiceError only when nothing of the batch can have been applied and going on is useless
   * (credentials refused, object gone); everything about single records is a result.
   */
  deliver(
    batch: readonly DestinationRecord[],
    options: { signal: AbortSignal; idempotencyKey: string },
  ): Promise<BatchResult>;
  /** The requests that `deliver` would send, secrets masked, without sending anything. */
  preview(batch: readonly DestinationRecord[]): Promise<RequestView[]>;
  close(): Promise<void>;
}
