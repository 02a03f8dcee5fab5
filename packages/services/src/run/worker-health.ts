import type { ServiceContext } from '../context.ts';

export interface WorkerHealth {
  /** `down`: this worker cannot work; `degraded`: it works, slower than it should. */
  readonly status: 'ok' | 'degraded' | 'down';
  readonly database: boolean;
  readonly queue: { readonly backend: 'postgres' | 'redis'; readonly reachable: boolean };
  readonly runs: {
    readonly active: number;
    /** Over all workers. */
    readonly queued: number;
    readonly oldestQueuedSeconds: number;
  };
  /** Seconds since the scheduler last looked for due syncs. */
  readonly schedulerLagSeconds: number;
}

/** A worker whose loops did not reach the database for so long does no work. */
const silenceSecondsMax = 30;
const waitMs = 2_000;

/** How a worker is, for its health endpoint. Never throws, answers within a few seconds. */
export async function readWorkerHealth(
  ctx: ServiceContext,
  worker: {
    executor: { active(): number; lastLookAt(): number };
    scheduler: { lastLookAt(): number };
  },
): Promise<WorkerHealth> {
  const [queued, reachable] = await Promise.all([readQueued(ctx), ctx.jobs.ping()]);
  const now = performance.now();
  const schedulerLagSeconds = (now - worker.scheduler.lastLookAt()) / 1_000;
  const executorLagSeconds = (now - worker.executor.lastLookAt()) / 1_000;
  const silent = Math.max(schedulerLagSeconds, executorLagSeconds) > silenceSecondsMax;
  const status = !queued || silent ? 'down' : reachable ? 'ok' : 'degraded';
  return {
    status,
    database: queued !== null,
    queue: { backend: ctx.jobs.backend, reachable },
    runs: {
      active: worker.executor.active(),
      queued: queued?.queued ?? 0,
      oldestQueuedSeconds: queued?.oldest ?? 0,
    },
    schedulerLagSeconds: Math.round(schedulerLagSeconds * 10) / 10,
  };
}

async function readQueued(ctx: ServiceContext): Promise<{ queued: number; oldest: number } | null> {
  const asked = ctx.db.$queryRaw<{ queued: number; oldest: number }[]>`
    select count(*)::int as queued, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as oldest
    from runs where status = 'queued'`;
  const late = new Promise<null>((resolve) => setTimeout(resolve, waitMs, null).unref());
  const rows = await Promise.race([asked, late]).catch(() => null);
  return rows?.[0] ?? null;
}
