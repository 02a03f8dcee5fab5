import { checkSaved } from '@sluice/services/connection/check-saved';
import { bindJobs } from '@sluice/services/jobs/bind-jobs';
import type { OpenContext } from '@sluice/services/open-context';
import { purgeSync } from '@sluice/services/retention/purge-sync';
import { startRetention } from '@sluice/services/retention/start-retention';
import { sweep } from '@sluice/services/retention/sweep';
import { startRunExecutor } from '@sluice/services/run/start-run-executor';
import { readWorkerHealth } from '@sluice/services/run/worker-health';
import { startScheduler } from '@sluice/services/scheduler/start-scheduler';
import { tidyPlanner } from '@sluice/services/source/tidy-planner';
import { startWebhookSender } from '@sluice/services/webhook/start-webhook-sender';
import type { WorkerEnvironment } from './env.ts';
import { serveHealth } from './health.ts';

export interface RunningWorker {
  readonly healthPort: number;
  /** Takes no more work, hands over what it has, and gives everything back. At most 30 s. */
  stop(): Promise<void>;
}

const jobsAtOnce = 4;
/** The rest of the 30 s is for closing connections. */
const handOverMs = 25_000;
/** Longer than a receiver may take: nothing is cut that could still be answered. */
const webhooksMs = 12_000;

/** Starts everything a worker does: runs, schedules, jobs, webhooks, retention, health. */
export async function startWorker(ctx: OpenContext, env: WorkerEnvironment): Promise<RunningWorker> {
  const executor = startRunExecutor(ctx, {
    slots: env.WORKER_RUNS_MAX,
    perWorkspaceMax: env.WORKSPACE_RUNS_MAX,
    perDestinationMax: env.DESTINATION_RUNS_MAX,
  });
  const scheduler = startScheduler(ctx);
  const retention = startRetention(ctx);
  const webhooks = startWebhookSender(ctx);
  const jobs = bindJobs(
    { databaseUrl: env.DATABASE_URL, redisUrl: env.REDIS_URL, log: ctx.log, concurrency: jobsAtOnce },
    {
      'run.execute': async () => executor.wake(),
      'sync.purge': (payload, { signal }) => purgeSync(ctx, payload, signal),
      'source.tidy': (payload, { signal }) => tidyPlanner(ctx, payload, signal),
      'connection.check': (payload, options) => checkSaved(ctx, payload, options),
      'webhook.send': async () => webhooks.wake(),
      'retention.sweep': (_, { signal }) => sweep(ctx, signal),
    },
  );
  let draining = false;
  const health = await serveHealth(env.WORKER_HEALTH_PORT, async () =>
    draining ? { status: 'draining' } : readWorkerHealth(ctx, { executor, scheduler }),
  );
  ctx.log.info({ owner: executor.owner, healthPort: health.port, queue: ctx.jobs.backend }, 'worker started');

  return {
    healthPort: health.port,
    async stop() {
      draining = true;
      retention.stop();
      await Promise.allSettled([
        scheduler.stop(),
        jobs.close(),
        executor.stop({ withinMs: handOverMs }),
        webhooks.stop({ withinMs: webhooksMs }),
      ]);
      await health.close();
      await ctx.close();
    },
  };
}
