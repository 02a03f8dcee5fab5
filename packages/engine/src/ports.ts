import type { RecordResult } from '@sluice/connectors/kit/destination';
import type { ChangeClass, RunCounts } from '@sluice/domain/change';
import type { Column } from '@sluice/domain/column';
import type { LogLevel } from '@sluice/domain/run';
import type { RunStage } from '@sluice/domain/run-status';
import type { Exchange } from '@sluice/domain/sync';

/** Where plans, ledgers and exchanges live. Keys are `/`-separated paths. */
export interface BlobStore {
  /** Moves a local file into the store; atomic: afterwards the key holds the whole file or what it held before. */
  put(key: string, localPath: string): Promise<void>;
  /** A local path to read the blob from; throws `ledger_missing` or `plan_missing` by prefix when it is gone. */
  read(key: string): Promise<LocalFile>;
  remove(key: string): Promise<void>;
  list(prefix: string): AsyncIterable<string>;
}

export interface LocalFile {
  readonly path: string;
  /** Frees a temporary copy. */
  release(): Promise<void>;
}

/** The plan of a run, as stored beside it. */
export interface StoredPlan {
  readonly blobKey: string;
  readonly columns: Column[];
  /** Number of planned changes, all classes. */
  readonly size: number;
  readonly counts: RunCounts;
  readonly keyExamples: string[];
}

/** A range of the plan whose rows were sent together. Written before the send, completed after a definite answer. */
export interface BatchIntent {
  /** First plan position. The seqs of a batch need not be contiguous: skipped and invalid rows lie between. */
  readonly seqFrom: number;
  /** Last plan position. */
  readonly seqTo: number;
  readonly class: ChangeClass;
}

/** A row that did not end as delivered. */
export interface RowException {
  readonly seq: number;
  readonly key: string;
  readonly class: ChangeClass;
  readonly outcome: 'rejected' | 'uncertain';
  readonly code: string;
  readonly message: string;
}

export interface BatchOutcome extends BatchIntent {
  readonly delivered: number;
  readonly exceptions: readonly RowException[];
  readonly exchanges: readonly Exchange[];
}

/** What the database knows of a batch of an earlier attempt. */
export interface BatchRecord extends BatchIntent {
  /** `intended`: sent perhaps, never answered: its rows are in doubt. */
  readonly state: 'intended' | 'settled';
}

/** How the run ended, and the ledger that replaces the old one in the same transaction. */
export interface RunEnd {
  readonly status: 'success' | 'warning' | 'failed' | 'cancelled';
  readonly counts: RunCounts;
  readonly ledger: { readonly blobKey: string; readonly rows: number } | null;
  readonly error: { readonly code: string; readonly message: string; readonly fix: string } | null;
}

/**
 * The run's record in the database. Every write is fenced: it throws `LeaseLost` when another worker owns the run.
 * All of them are one transaction each, and are on disk when the promise resolves.
 */
export interface RunStore {
  /** Plan of an earlier attempt, if planning was finished. */
  plan(): Promise<StoredPlan | null>;
  enter(stage: RunStage): Promise<void>;
  planned(plan: StoredPlan): Promise<void>;
  /** Batches of earlier attempts, by `seqFrom`. */
  batches(): AsyncIterable<BatchRecord>;
  exceptions(): AsyncIterable<RowException>;
  /** Before the send. Comes again with the same bounds for a batch of an earlier attempt that was never settled. */
  intend(batches: readonly BatchIntent[]): Promise<void>;
  /**
   * After a definite answer for every row, uncertain ones included. Before `end` every batch that was sent is settled:
   * one that is still `intended` in an ended run was announced and never sent.
   */
  settle(outcomes: readonly BatchOutcome[]): Promise<void>;
  end(end: RunEnd): Promise<void>;
  /** Progress for people; may be dropped or delayed. */
  progress(counts: RunCounts, completionRatio: number, message: string): void;
  event(level: LogLevel, stage: RunStage, message: string, details?: Record<string, unknown>): void;
}

/** The worker no longer owns the run: it stops without writing anything more. */
export class LeaseLost extends Error {
  /** A request was cut without an answer: it may still arrive, so nobody goes on before it no longer can. */
  readonly unanswered: boolean;

  constructor(options: { unanswered?: boolean } = {}) {
    super('another worker owns this run now');
    this.name = 'LeaseLost';
    this.unanswered = options.unanswered ?? false;
  }
}

/** Keeps requests within the destination's limits, over all syncs that share it. */
export interface RequestLimiter {
  /** Resolves when one more request may start. Rejects when the signal aborts. */
  acquire(signal: AbortSignal): Promise<void>;
  /** The destination asked for a pause: nobody starts a request before it is over. */
  pause(ms: number): void;
}

export type { RecordResult };
