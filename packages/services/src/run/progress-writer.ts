import { Prisma } from '@sluice/db/generated/client';
import type { RunCounts } from '@sluice/domain/change';
import type { ServiceContext } from '../context.ts';
import { fence, type RunHold, writeFenced } from './run-fence.ts';

/** Shows people how far a run is, at most four times a second. */
export interface ProgressWriter {
  show(counts: RunCounts, completionRatio: number, message: string): void;
  /** Forgets what was not shown yet, and resolves when nothing is being written any more. */
  stop(): Promise<void>;
}

const intervalMs = 250;

/** Only the newest progress counts: what comes while a write is going on replaces what waits. */
export function createProgressWriter(ctx: ServiceContext, hold: RunHold): ProgressWriter {
  let latest: { counts: RunCounts; ratio: number; message: string } | null = null;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | null = null;
  let shownAt = 0;
  let stopped = false;

  const write = async () => {
    if (!latest) return;
    const { counts, ratio, message } = latest;
    latest = null;
    shownAt = performance.now();
    await writeFenced(
      ctx,
      Prisma.sql`with ${fence(hold)}, shown as (
        update runs set counts = ${JSON.stringify(counts)}::jsonb, completion_ratio = ${ratio}::float8,
          progress = ${message}
        from fence where runs.id = fence.id
      ) select count(*)::int as held, pg_notify('sluice_runs', 'run:' || ${hold.id}::int)::text from fence`,
    ).catch((error) => ctx.log.debug({ err: error, runId: hold.id }, 'progress of a run was not shown'));
  };

  const schedule = () => {
    if (stopped || timer || writing || !latest) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        writing = write().finally(() => {
          writing = null;
          schedule();
        });
      },
      Math.max(0, shownAt + intervalMs - performance.now()),
    );
  };

  return {
    show(counts, completionRatio, message) {
      latest = { counts: structuredClone(counts), ratio: clamp(completionRatio), message };
      schedule();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await writing;
    },
  };
}

const clamp = (ratio: number): number => Math.min(1, Math.max(0, Number.isFinite(ratio) ? ratio : 0));
