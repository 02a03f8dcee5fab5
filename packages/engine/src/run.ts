import type { DestinationConnection } from '@sluice/connectors/kit/destination';
import type { SourceConnection } from '@sluice/connectors/kit/source';
import type { ModelQuery } from '@sluice/domain/query';
import type { RunSelection } from '@sluice/domain/run-selection';
import type { ResyncKind, SyncConfiguration } from '@sluice/domain/sync';
import type { BlobStore, PastRun, RequestLimiter, RunChunks, RunStore } from './ports.ts';

/** What a run executes: the configuration frozen when it was triggered. */
export interface RunSpecification {
  readonly runId: number;
  readonly sync: { readonly id: number; readonly slug: string };
  readonly workspaceId: number;
  readonly model: {
    readonly id: number;
    readonly name: string;
    readonly query: ModelQuery;
    readonly primaryKey: string;
  };
  readonly configuration: SyncConfiguration;
  readonly resync: ResyncKind;
  /** The rows it is about; `null` = the whole model. */
  readonly selection?: RunSelection | null;
  readonly ignoreGuards: boolean;
  readonly startedAt: Date;
  /** Blob of the newest ledger; `null` before the first run. */
  readonly ledgerKey: string | null;
}

/** What previews, tests and dry runs need: a specification before there is a run, perhaps before the sync is saved. */
export type DraftSpecification = Omit<
  RunSpecification,
  'runId' | 'sync' | 'resync' | 'selection' | 'ignoreGuards'
> & {
  readonly sync: { readonly id: number; readonly slug: string } | null;
};

export interface EnginePorts {
  readonly source: SourceConnection;
  readonly destination: DestinationConnection;
  readonly blobs: BlobStore;
  readonly limiter: RequestLimiter;
  /** An empty directory of its own; removed by the caller afterwards. */
  readonly workDirectory: string;
  readonly duckdb: { readonly memoryLimitMb: number; readonly threads: number };
  readonly retry: { readonly attemptsMax: number; readonly baseMs: number };
  /**
   * Aborted by a cancel (`reason` = 'cancelled'), a shutdown that waits for answers on their way ('shutdown'), or a
   * lost lease ('lost').
   */
  readonly signal: AbortSignal;
}

export interface RunPorts extends EnginePorts {
  readonly store: RunStore;
  /** The run that is replayed or taken back, where the selection names one. */
  readonly past?: PastRun;
  /** Lets other workers deliver parts of a large plan; without it the run stays with one. */
  readonly chunks?: RunChunks;
}
