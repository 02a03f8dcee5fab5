import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { LeaseLost } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import { type ClaimedRun, claimRuns } from './claim-runs.ts';
import { executeRun } from './execute-run.ts';
import { postponeLease, releaseLease, renewLeases } from './renew-leases.ts';
import { createRequestPaces } from './request-pace.ts';

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

/**
 * Executes runs: claims them from Postgres, renews their leases, notices cancels and lost leases within a second.
 * Wake-ups make it faster; without any it looks every second.
 */
export function startRunExecutor(ctx: ServiceContext, options: RunExecutorOptions): RunExecutor {
  const owner = options.owner ?? `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const lookMs = Math.min(options.lookMs ?? defaultLookMs, ctx.settings.leaseMs / 3);
  const executions = new Map<number, Execution>();
  const paces = createRequestPaces();
  let stopping = false;
  let lastLookAt = performance.now();
  let looking: Promise<void> | null = null;
  let again = false;

  const look = async () => {
    await renew();
    if (stopping) return;
    const claims = await claimRuns(ctx, {
      owner,
      slots: options.slots - executions.size,
      perWorkspaceMax: options.perWorkspaceMax,
    });
    lastLookAt = performance.now();
    for (const claim of claims) start(claim);
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
    if (executions.size === 0) return;
    const held = [...executions.values()];
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
      // Counted from before the question, on a clock that nobody sets: never longer than Postgres believes.
      for (const execution of held) {
        if (performance.now() - execution.renewedAt > ctx.settings.leaseMs) execution.abort.abort('lost');
      }
    }
  };

  const start = (claim: ClaimedRun) => {
    const abort = new AbortController();
    const log = { runId: claim.id, syncId: claim.syncId, workspaceId: claim.workspaceId, epoch: claim.epoch };
    ctx.log.info(log, 'run claimed');
    const done = executeRun(ctx, claim, { signal: abort.signal, paces })
      .then(() => ctx.log.info(log, 'run ended'))
      .catch(async (error) => {
        if (abort.signal.reason === 'shutdown') {
          const unanswered = error instanceof LeaseLost && error.unanswered;
          await releaseLease(ctx, claim, { unanswered });
          return ctx.log.info(log, 'run handed over');
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
    executions.set(claim.id, { claim, abort, done, renewedAt: performance.now() });
  };

  const timer = setInterval(wake, lookMs);
  const unsubscribe = ctx.notifications.subscribe(({ kind }) => {
    if (kind !== 'event' && kind !== 'run') wake();
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
      const held = [...executions.values()];
      // Sends nothing new, records the answers that are on their way, and leaves the run open.
      for (const { abort } of held) abort.abort('shutdown');
      const late = new Promise<void>((resolve) => setTimeout(resolve, withinMs).unref());
      await Promise.race([Promise.all(held.map(({ done }) => done)), late]);
      clearInterval(timer);
    },
  };
}
