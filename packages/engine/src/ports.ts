import type { RecordResult, WriterLimits } from '@sluice/connectors/kit/destination';
import type { ChangeClass, RunCounts } from '@sluice/domain/change';
import type { Column } from '@sluice/domain/column';
import type { SluiceError } from '@sluice/domain/error';
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
  /** What the destination kept with the batch in an earlier attempt; see `DeliveryMemory`. */
  readonly memory?: string;
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

/** A ledger that was written. */
export interface StoredLedger {
  readonly blobKey: string;
  readonly rows: number;
  /** Rows that may or may not have arrived. */
  readonly doubts: number;
}

/** How the run ended, and the ledger that replaces the old one in the same transaction. */
export interface RunEnd {
  readonly status: 'success' | 'warning' | 'failed' | 'cancelled';
  readonly counts: RunCounts;
  readonly ledger: StoredLedger | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly fix: string;
    /** Facts a screen may show; of `destination_quota` the time when the sync may go on (`resumeAt`). */
    readonly details?: Record<string, unknown>;
  } | null;
}

/**
 * The run's record in the database. Every write is fenced: it throws `LeaseLost` when another worker owns the run.
 * All of them are one transaction each, and are on disk when the promise resolves.
 */
export interface RunStore {
  /** Plan of an earlier attempt, if planning was finished. */
  plan(): Promise<StoredPlan | null>;
  /** Where the run stands, for people: on disk soon, and with the next plan or end at the latest; says nothing when the lease is lost. */
  enter(stage: RunStage): Promise<void>;
  /** `keyFilter`: see `keyFilterOf`. */
  planned(plan: StoredPlan, keyFilter?: Uint8Array<ArrayBuffer> | null): Promise<void>;
  /** Batches of earlier attempts, by `seqFrom`. */
  batches(): AsyncIterable<BatchRecord>;
  exceptions(): AsyncIterable<RowException>;
  /** Before the send. Comes again with the same bounds for a batch of an earlier attempt that was never settled. */
  intend(batches: readonly BatchIntent[]): Promise<void>;
  /** Keeps words of the destination with a batch that was announced, for whoever goes on with it. */
  remember(batch: BatchIntent, text: string): Promise<void>;
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

/** A part of a plan that one worker delivers: neighbouring positions of one class. */
export interface Chunk {
  /** From 1, in the order of the plan. */
  readonly number: number;
  readonly class: ChangeClass;
  readonly seqFrom: number;
  readonly seqTo: number;
}

/** The record of a chunk: that of its run, for these positions alone, fenced by the lease of the chunk. */
export interface ChunkStore
  extends Pick<RunStore, 'batches' | 'exceptions' | 'intend' | 'remember' | 'settle' | 'event'> {
  /** Every row of the chunk has its outcome on disk. */
  complete(): Promise<void>;
  /**
   * The run stops, with an error because going on is useless. All that was sent is settled: batches that are only
   * announced were never sent, and are forgotten. No chunk of the run is given out any more.
   */
  close(error: SluiceError | null): Promise<void>;
  /**
   * Hands the chunk over unfinished; what is only announced may have been sent. `unanswered`: a request may still
   * arrive, so nobody takes the chunk before it no longer can.
   */
  release(options: { readonly unanswered: boolean }): Promise<void>;
}

export interface ClaimedChunk extends Chunk {
  readonly store: ChunkStore;
  /** Aborts for the same reasons as that of a run; `cancelled` also when the run fails elsewhere. */
  readonly signal: AbortSignal;
  /** Whether the lease still holds: asked before each request. */
  holds(): boolean;
}

/** Where workers find chunks of one run. */
export interface ChunkBoard {
  /**
   * Takes the next chunk. `null` when there is none to take now: all are taken, those of the class before are not
   * settled, the run stops, or the worker is needed elsewhere.
   */
  take(): Promise<ClaimedChunk | null>;
}

/** The chunks of a run as its owner sees them. */
export interface RunChunks extends ChunkBoard {
  /** Plans with fewer rows to send are not cut. */
  readonly rowsMin: number;
  /** An earlier attempt may have cut the plan. */
  readonly resumed: boolean;
  /** How often the owner looks at what all workers have done, ms. */
  readonly lookMs: number;
  /**
   * Offers the chunks to all workers, unless the plan has been cut before or its delivery has begun. Answers whether
   * it is delivered in chunks.
   */
  offer(chunks: readonly Chunk[]): Promise<boolean>;
  look(): Promise<ChunkedProgress>;
  /**
   * Nobody takes a chunk any more, and writes of those that died are refused. Answers how many chunks a living worker
   * still has, or a dead one whose last request may still arrive.
   */
  withdraw(): Promise<number>;
}

/** What all workers together have done. */
export interface ChunkedProgress {
  /** Chunks without an outcome for each row. */
  readonly left: number;
  readonly failure: SluiceError | null;
  readonly delivered: Record<ChangeClass, number>;
  readonly rejected: Record<ChangeClass, number>;
  readonly uncertain: Record<ChangeClass, number>;
}

/** An ended run whose rows are sent again, or taken back. */
export interface PastRun {
  readonly plan: StoredPlan;
  batches(): AsyncIterable<BatchRecord>;
  exceptions(): AsyncIterable<RowException>;
  /** Positions of the rejected and doubtful rows that were chosen by reason. */
  withReasons(reasons: readonly string[]): AsyncIterable<number>;
}

/** The worker no longer owns the run: it stops without writing anything more. */
export class LeaseLost extends Error {
  /** A request was cut without an answer: it may still arrive, so nobody goes on before it no longer can. */
  readonly unanswered: boolean;
  /** The destination asked for a pause of so many milliseconds: nobody has to hold the run before. 0 = it did not. */
  readonly parkedMs: number;

  constructor(options: { unanswered?: boolean; parkedMs?: number } = {}) {
    super('another worker owns this run now');
    this.name = 'LeaseLost';
    this.unanswered = options.unanswered ?? false;
    this.parkedMs = options.parkedMs ?? 0;
  }
}

/** Keeps requests within the destination's limits, over all runs and workers that share it. */
export interface RequestLimiter {
  /** The gate through which one writer's requests go; to be closed with the writer. */
  open(limits: WriterLimits): RequestGate;
}

export interface RequestGate {
  /**
   * Resolves when one more call of `deliver` may start, with the function that gives its place back. Rejects when the
   * signal aborts.
   */
  enter(signal: AbortSignal): Promise<() => void>;
  /** Resolves when one more request may start. Rejects when the signal aborts. */
  admit(signal: AbortSignal): Promise<void>;
  /** Throws when a request that was admitted must not leave any more: the lease is gone. */
  confirm?(): void;
  /** The destination asked for a pause of so many milliseconds: nobody starts a request before it is over. */
  pause(ms: number): void;
  /** How long a pause still lasts, in milliseconds; 0 = there is none. */
  pausedMs(): number;
  close(): void;
}

export type { RecordResult };
