import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { LeaseLost } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import { createRequestPaces } from '../pace/create-request-paces.ts';
import { createChunkLeases } from './chunk-leases.ts';
import { findHelpableRuns, type HelpableRun } from './claim-chunk.ts';
import { type ClaimedRun, claimRuns } from './claim-runs.ts';
import { executeRun } from './execute-run.ts';
import { helpRun } from './help-run.ts';
import { parkLease, postponeLease, releaseLease, renewLeases } from './renew-leases.ts';

export interface RunExecutor {
  readonly owner: string;
  /** Looks for runs at once instead of at the next second. */
  wake(): void;
  /** Runs that this worker executes right now. */
  active(): number;
  /** Monotonic time of the last look that reached the database; for health. */
  lastLookAt(): number;
  /** Takes no more runs, hands the ones at work over to other workers, and resolves within `withinMs`. */
  stop(options: { withinMs: number }): Promise<void>;
}

export interface RunExecutorOptions {
  readonly slots: number;
  readonly perWorkspaceMax: number;
  readonly perDestinationMax?: number;
  /** Pause between looks, ms. */
  readonly lookMs?: number;
  readonly owner?: string;
}

interface Execution {
  readonly claim: ClaimedRun;
  readonly abort: AbortController;
  readonly done: Promise<void>;
  renewedAt: number;
}

const defaultLookMs = 1_000;
const shunMs = 30_000;

/**
 * Executes runs: claims them from Postgres, renews their leases, notices cancels and lost leases within a second.
 * Wake-ups make it faster; without any it looks every second.
 */
export function startRunExecutor(ctx: ServiceContext, options: RunExecutorOptions): RunExecutor {
  const owner = options.owner ?? `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const lookMs = Math.min(options.lookMs ?? defaultLookMs, ctx.settings.leaseMs / 3);
  const executions = new Map<number, Execution>();
  const helping = new Map<number, Pick<Execution, 'abort' | 'done'>>();
  /** Runs that this worker could not help with, until when. */
  const shunned = new Map<number, number>();
  const leases = createChunkLeases(ctx);
  const paces = createRequestPaces(ctx);
  let stopping = false;
  let lastLookAt = performance.now();
  let renewedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | null = null;
  let again = false;

  const look = async () => {
    // Looks that come because runs end or begin find leases that were renewed a moment ago.
    if (performance.now() - renewedAt >= lookMs / 2) {
      renewedAt = performance.now();
      await renew();
    }
    if (stopping) return;
    const askedAt = performance.now();
    const claims = await claimRuns(ctx, {
      owner,
      slots: options.slots - executions.size,
      perWorkspaceMax: options.perWorkspaceMax,
      perDestinationMax: options.perDestinationMax,
    });
    lastLookAt = performance.now();
    for (const claim of claims) start(claim, askedAt);
    await shareOut();
  };

  /** Free slots help with the large runs of others; a run of its own comes first and takes the slot back. */
  const shareOut = async () => {
    const free = options.slots - executions.size - helping.size;
    if (free < 0) {
      for (const { abort } of [...helping.values()].slice(free)) abort.abort('shutdown');
    }
    if (free < 1) return;
    const now = performance.now();
    for (const [runId, until] of shunned) if (until < now) shunned.delete(runId);
    const besides = [...executions.keys(), ...helping.keys(), ...shunned.keys()];
    for (const run of await findHelpableRuns(ctx, besides, free)) help(run);
  };

  const wake = () => {
    if (looking) {
      again = true;
      return;
    }
    looking = look()
      .catch((error) => ctx.log.warn({ err: error }, 'looking for runs failed; trying again'))
      .finally(() => {
        looking = null;
        if (!again) return;
        again = false;
        wake();
      });
  };

  const renew = async () => {
    await leases.renew();
    // One that was lost is let run out, even if nobody has taken it yet: this worker is leaving it.
    const held = [...executions.values()].filter(({ abort }) => abort.signal.reason !== 'lost');
    if (held.length === 0) return;
    const askedAt = performance.now();
    try {
      const renewed = await renewLeases(
        ctx,
        held.map(({ claim }) => ({ id: claim.id, epoch: claim.epoch })),
      );
      for (const execution of held) {
        const mine = renewed.find(({ id }) => id === execution.claim.id);
        if (!mine) execution.abort.abort('lost');
        else if (mine.cancelRequested) execution.abort.abort('cancelled');
        if (mine) execution.renewedAt = askedAt;
      }
    } finally {
      for (const execution of held) holds(execution);
    }
  };

  /** Counted from before the question, on a clock that nobody sets: never longer than Postgres believes. */
  const holds = ({ renewedAt, abort }: Pick<Execution, 'renewedAt' | 'abort'>): boolean => {
    if (performance.now() - renewedAt > ctx.settings.leaseMs) abort.abort('lost');
    return !abort.signal.aborted;
  };

  const start = (claim: ClaimedRun, renewedAt: number) => {
    const abort = new AbortController();
    const log = { runId: claim.id, syncId: claim.syncId, workspaceId: claim.workspaceId, epoch: claim.epoch };
    ctx.log.info(log, 'run claimed');
    if (claim.cancelRequested) abort.abort('cancelled');
    const execution = { claim, abort, renewedAt };
    const done = executeRun(ctx, claim, {
      ...{ owner, paces, leases },
      signal: abort.signal,
      holdsLease: () => holds(execution),
    })
      .then(() => ctx.log.info(log, 'run ended'))
      .catch(async (error) => {
        if (abort.signal.reason === 'shutdown') {
          const unanswered = error instanceof LeaseLost && error.unanswered;
          await releaseLease(ctx, claim, { unanswered });
          return ctx.log.info(log, 'run handed over');
        }
        if (error instanceof LeaseLost && error.parkedMs > 0) {
          await parkLease(ctx, claim, error.parkedMs);
          return ctx.log.info({ ...log, parkedMs: error.parkedMs }, 'run waits for its destination');
        }
        if (error instanceof LeaseLost) return ctx.log.info(log, 'run belongs to another worker now');
        ctx.log.error({ ...log, err: error }, 'run was interrupted; it is taken up again');
        await postponeLease(ctx, claim);
      })
      .catch((error) => ctx.log.error({ ...log, err: error }, 'the lease of a run could not be given up'))
      .finally(() => {
        executions.delete(claim.id);
        if (!stopping) wake();
      });
    executions.set(claim.id, Object.assign(execution, { done }));
  };

  const help = (run: HelpableRun) => {
    const abort = new AbortController();
    const log = { runId: run.id, syncId: run.syncId, workspaceId: run.workspaceId };
    ctx.log.info(log, 'helping with a run');
    const done = helpRun(ctx, run, { owner, leases, paces, signal: abort.signal })
      .then(({ parkedMs }) => {
        if (parkedMs > 0) shunned.set(run.id, performance.now() + parkedMs);
        ctx.log.info(log, 'no more help is needed');
      })
      .catch((error) => {
        shunned.set(run.id, performance.now() + shunMs);
        ctx.log.warn({ ...log, err: error }, 'helping with a run failed; its owner goes on');
      })
      .finally(() => {
        helping.delete(run.id);
      });
    helping.set(run.id, { abort, done });
  };

  const timer = setInterval(wake, lookMs);
  const unsubscribe = ctx.notifications.subscribe(({ kind }) => {
    // Renewing is how a cancel is noticed.
    if (kind === 'cancel') renewedAt = Number.NEGATIVE_INFINITY;
    if (kind !== 'event' && kind !== 'run' && kind !== 'pause') wake();
  });
  wake();

  return {
    owner,
    wake,
    active: () => executions.size,
    lastLookAt: () => lastLookAt,
    async stop({ withinMs }) {
      stopping = true;
      unsubscribe();
      await looking;
      const held = [...executions.values(), ...helping.values()];
      // Sends nothing new, records the answers that are on their way, and leaves the run open.
      for (const { abort } of held) abort.abort('shutdown');
      const late = new Promise<void>((resolve) => setTimeout(resolve, withinMs).unref());
      await Promise.race([Promise.all(held.map(({ done }) => done)), late]);
      clearInterval(timer);
      await Promise.race([paces.close().catch(() => undefined), late]);
    },
  };
}
