import type { ServiceContext } from '../context.ts';
import { advanceSequences } from '../sequence/advance-sequences.ts';
import { resumeChecked } from '../sync-health/resume-checked.ts';
import { runDueSequences } from './run-due-sequences.ts';
import { runDueSyncs } from './run-due-syncs.ts';

export interface Scheduler {
  /** Monotonic time of the last look that reached the database; for health. */
  lastLookAt(): number;
  stop(): Promise<void>;
}

const lookMs = 1_000;

/**
 * Looks every second for syncs and sequences whose time has come, for sequences whose next step can start, and for syncs
 * whose connection works again. Runs in
 * every worker; locks in Postgres let one act.
 */
export function startScheduler(ctx: ServiceContext): Scheduler {
  let lastLookAt = performance.now();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    try {
      await runDueSyncs(ctx);
      lastLookAt = performance.now();
    } catch (error) {
      ctx.log.warn({ err: error }, 'looking for scheduled syncs failed; trying again');
    }
    try {
      await resumeChecked(ctx);
      await runDueSequences(ctx);
      await advanceSequences(ctx);
    } catch (error) {
      ctx.log.warn({ err: error }, 'looking for sequences and waiting syncs failed; trying again');
    }
  };
  let looking = Promise.resolve();
  const next = () => {
    looking = look().finally(() => {
      if (!stopped) timer = setTimeout(next, lookMs);
    });
  };
  next();
  return {
    lastLookAt: () => lastLookAt,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
      clearTimeout(timer);
    },
  };
}
