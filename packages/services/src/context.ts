import type { Egress } from '@sluice/connectors/kit/context';
import type { Database } from '@sluice/db/client';
import type { BlobStore } from '@sluice/engine/ports';
import type { JobQueue } from './jobs/queue.ts';
import type { RateLimits } from './limit/rate-limits.ts';
import type { Logger } from './log/logger.ts';
import type { RequestCounter } from './metrics/request-counter.ts';
import type { OAuthClient } from './oauth/oauth-client.ts';
import type { RunNotifications } from './run/run-notifications.ts';
import type { SecretRegistry } from './vault/secret-registry.ts';
import type { Vault } from './vault/vault.ts';

/** Everything a use case may reach. Opened once per process by `open-context.ts`. */
export interface ServiceContext {
  readonly db: Database;
  readonly vault: Vault;
  /** Live secrets of this process: whatever is logged or captured passes through it. */
  readonly secrets: SecretRegistry;
  readonly jobs: JobQueue;
  readonly blobs: BlobStore;
  /** What Postgres announces about runs, on one connection per process (`openRunNotifications`). */
  readonly notifications: RunNotifications;
  readonly egress: Egress;
  readonly limits: RateLimits;
  /** Requests that this process answered, for metrics. */
  readonly requests: RequestCounter;
  readonly log: Logger;
  readonly settings: ServiceSettings;
}

export interface ServiceSettings {
  /** Address of the console, without a slash at the end: `https://sluice.example.com`. */
  readonly publicUrl: string;
  readonly dataDirectory: string;
  readonly sampleDirectory: string;
  /** Directory whose files every workspace may read as a source; `null` = none. */
  readonly filesDirectory: string | null;
  /** Longest wait for a connection to a source or destination. */
  readonly connectMs: number;
  /** Longest wait for one answer of a destination, or for a statement to start answering. */
  readonly requestMs: number;
  /** Longest silence of a source while it computes and sends a model's whole result. */
  readonly queryMs: number;
  /** Applications that the operator registered at vendors, by provider. */
  readonly oauthClients: ReadonlyMap<string, OAuthClient>;
  /** How long a worker owns a run without renewing. */
  readonly leaseMs: number;
  readonly retryBaseMs: number;
  readonly duckdbMemoryMb: number;
  /** Plans with so many rows to send are cut into chunks that several workers deliver. */
  readonly chunkedRowsMin: number;
  /** Opens the metrics to the operator; `null` = there are none. */
  readonly metricsToken: string | null;
}
