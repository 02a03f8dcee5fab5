import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { noRunCounts } from '@sluice/domain/change';
import { SluiceError, toSluiceError } from '@sluice/domain/error';
import { leasedLimiter } from '@sluice/engine/deliver/leased-limiter';
import { executeRun as executeInEngine } from '@sluice/engine/execute-run';
import { LeaseLost, type RunChunks, type RunEnd, type RunStore } from '@sluice/engine/ports';
import { openDestination } from '../connection/open-destination.ts';
import { openSource } from '../connection/open-source.ts';
import type { ServiceContext } from '../context.ts';
import type { RequestPaces } from '../pace/create-request-paces.ts';
import { createRunChunks } from './chunk-board.ts';
import type { ChunkLeases } from './chunk-leases.ts';
import type { ClaimedRun } from './claim-runs.ts';
import { endRun } from './end-run.ts';
import { openExchangeLog } from './exchange-log.ts';
import { type FrozenRun, freezeSpecification } from './freeze-specification.ts';
import { runSpecification } from './frozen-specification.ts';
import { openPastRun } from './past-run.ts';
import { pastRunId } from './replayable.ts';
import { duckdbThreads, sendAttemptsMax } from './run-limits.ts';
import { createRunStore } from './run-store.ts';

/** A run that was claimed this often without progress kills its workers: what was delivered is saved, and it ends. */
const claimsMax = 5;

/**
 * Executes a claimed run to its end. Throws without having ended it when the lease is lost, or when the store or the
 * disk fail: then the run is open, and is taken over by the next claim.
 */
export async function executeRun(ctx: ServiceContext, claim: ClaimedRun, options: RunWorker): Promise<void> {
  const frozen = await freezeSpecification(ctx, claim).catch((error) => {
    if (error instanceof LeaseLost) throw error;
    // Nothing was sent under a specification that cannot be read.
    return endRun(ctx, claim, failedEnd(toSluiceError(error)), { stages: claim.stages });
  });
  if (!frozen) return;
  const workDirectory = join(ctx.settings.dataDirectory, 'work', `${claim.id}-${claim.epoch}`);
  await rm(workDirectory, { recursive: true, force: true });
  await mkdir(workDirectory, { recursive: true });
  const exchanges = openExchangeLog({
    blobs: ctx.blobs,
    secrets: ctx.secrets,
    workDirectory,
    run: claim,
    attempt: String(claim.epoch),
    onError: (error) => ctx.log.warn({ err: error, runId: claim.id }, 'captured requests were not stored'),
  });
  const store = createRunStore(ctx, { ...claim, status: frozen.status, plan: frozen.plan }, exchanges);
  const chunks = createRunChunks(ctx, { id: claim.id, epoch: claim.epoch }, { ...options, exchanges });
  const execution = { ...options, store, chunks, workDirectory };
  try {
    if (claim.claims > claimsMax) await endCrashLoop(ctx, claim, frozen, execution);
    else await execute(ctx, claim, frozen, execution);
  } finally {
    await store.close();
    await chunks.close();
    await exchanges.flush();
    await rm(workDirectory, { recursive: true, force: true });
  }
}

/** The worker that executes a run, as the run sees it. */
export interface RunWorker {
  readonly owner: string;
  readonly signal: AbortSignal;
  readonly paces: RequestPaces;
  readonly leases: ChunkLeases;
  /** Whether the lease of the run still holds. */
  holdsLease(): boolean;
}

interface Execution extends RunWorker {
  readonly store: RunStore;
  readonly chunks: RunChunks;
  readonly workDirectory: string;
}

async function execute(
  ctx: ServiceContext,
  claim: ClaimedRun,
  { specification, plan }: FrozenRun,
  execution: Execution,
): Promise<void> {
  const { store, signal } = execution;
  const label = `sluice run ${claim.id}`;
  const opened: { close(): Promise<void> }[] = [];
  try {
    const connections = await openBoth().catch((error) => {
      // Without a plan nothing was sent, so the run may end here. With one, only the engine may end it.
      if (plan || error instanceof LeaseLost) throw error;
      return store.end(failedEnd(toSluiceError(error)));
    });
    if (!connections) return;
    const { past } = connections;
    await executeInEngine(runSpecification(claim, specification), {
      source: connections.source,
      destination: connections.destination,
      store,
      chunks: execution.chunks,
      ...(past && { past }),
      blobs: ctx.blobs,
      limiter: leasedLimiter(
        execution.paces.of({ id: specification.destinationId, workspaceId: claim.workspaceId }),
        execution.holdsLease,
      ),
      workDirectory: execution.workDirectory,
      duckdb: { memoryLimitMb: ctx.settings.duckdbMemoryMb, threads: duckdbThreads },
      retry: { attemptsMax: sendAttemptsMax, baseMs: ctx.settings.retryBaseMs },
      signal,
    });
  } finally {
    await Promise.allSettled(opened.map((connection) => connection.close()));
  }

  async function openBoth() {
    const source = await openSource(ctx, claim.workspaceId, specification.sourceId, { signal, label });
    opened.push(source);
    const destination = await openDestination(ctx, claim.workspaceId, specification.destinationId, {
      signal,
      label,
    });
    opened.push(destination);
    // Once there is a plan, the one that it was made from is no longer needed, and may be gone.
    const past = plan || !specification.selection ? null : pastRunId(specification.selection);
    return { source, destination, past: past && (await openPastRun(ctx, claim.workspaceId, past)) };
  }
}

/**
 * Ends a run that has taken its worker with it again and again. A cancelled execution sends nothing more, but writes
 * what was acknowledged and what is in doubt into the ledger. If even that does not work, the next claim ends the run
 * with a full resync pending, which is right whatever the destination holds.
 */
async function endCrashLoop(
  ctx: ServiceContext,
  claim: ClaimedRun,
  frozen: FrozenRun,
  execution: Execution,
): Promise<void> {
  const error = new SluiceError(
    'run_crash_loop',
    `The run stopped its worker ${claimsMax} times without getting any further.`,
  );
  const { store } = execution;
  if (frozen.plan && claim.claims === claimsMax + 1) {
    const failing: RunStore = {
      ...store,
      end: (end) => store.end({ ...end, status: 'failed', error: viewOf(error) }),
    };
    return execute(ctx, claim, frozen, {
      ...execution,
      store: failing,
      signal: AbortSignal.abort('cancelled'),
    });
  }
  if (frozen.plan) {
    await ctx.db.sync.updateMany({
      where: { id: claim.syncId, workspaceId: claim.workspaceId },
      data: { pendingResync: 'full' },
    });
  }
  await store.end(failedEnd(error));
}

const failedEnd = (error: SluiceError): RunEnd => ({
  status: 'failed',
  counts: noRunCounts(),
  ledger: null,
  error: viewOf(error),
});

const viewOf = ({ code, message, fix }: SluiceError) => ({ code, message, fix });
