import { Prisma } from '@sluice/db/generated/client';
import type { RunCounts } from '@sluice/domain/change';
import type { RunStage } from '@sluice/domain/run-status';
import { LeaseLost } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import { createPaceMeter } from './pace-meter.ts';
import { fence, type RunHold, writeFenced } from './run-fence.ts';

/**
 * Shows people how far a run is and how fast it goes: at most four times a second, and at least once, where the database
 * is quick.
 */
export interface ProgressWriter {
  show(counts: RunCounts, completionRatio: number, message: string): void;
  /** Another stage began: its own words, and a pace of its own. */
  enter(stage: RunStage): void;
  /** Forgets what was not shown yet, and resolves when nothing is being written any more. */
  stop(): Promise<void>;
}

const intervalMs = 250;
/** Without news the pace changes all the same: a run that stands still says so. */
const heartbeatMs = 1_000;
/** A busy database has better things to do: at most this part of the time is spent on showing. */
const shareMax = 0.1;

/** Only the newest progress counts: what comes while a write is going on replaces what waits. */
export function createProgressWriter(ctx: ServiceContext, hold: RunHold): ProgressWriter {
  const meter = createPaceMeter();
  /** `counts` as JSON: they go on counting, and most are never written. */
  let latest: { counts: string; ratio: number; message: string } | null = null;
  let news = false;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | null = null;
  let shownAt = 0;
  let writeMs = 0;
  let stopped = false;

  const write = async () => {
    if (!latest) return;
    const { counts, ratio, message } = latest;
    news = false;
    shownAt = performance.now();
    const pace = meter.pace(shownAt);
    await writeFenced(
      ctx,
      Prisma.sql`with ${fence(hold)}, shown as (
        update runs set counts = ${counts}::jsonb, completion_ratio = ${ratio}::float8,
          progress = ${message},
          pace = ${pace && JSON.stringify(pace)}::jsonb || jsonb_build_object('at', now())
        from fence where runs.id = fence.id
      ) select count(*)::int as held, pg_notify('sluice_runs', 'run:' || ${hold.id}::int)::text from fence`,
    ).catch((error) => {
      // Somebody else's progress from here on.
      if (error instanceof LeaseLost) stopped = true;
      ctx.log.debug({ err: error, runId: hold.id }, 'progress of a run was not shown');
    });
    writeMs = performance.now() - shownAt;
  };

  const schedule = () => {
    if (stopped || timer || writing || !latest) return;
    const waitMs = Math.max(news ? intervalMs : heartbeatMs, writeMs / shareMax);
    timer = setTimeout(
      () => {
        timer = undefined;
        writing = write().finally(() => {
          writing = null;
          schedule();
        });
      },
      Math.max(0, shownAt + waitMs - performance.now()),
    );
  };

  const show = (next: NonNullable<typeof latest>) => {
    latest = next;
    if (!news) {
      clearTimeout(timer);
      timer = undefined;
    }
    news = true;
    schedule();
  };

  return {
    show(counts, completionRatio, message) {
      meter.note(counts, performance.now());
      show({ counts: JSON.stringify(counts), ratio: clamp(completionRatio), message });
    },
    enter(stage) {
      meter.reset();
      const message = stageMessages[stage];
      // What an earlier attempt had shown stands until there is something to say.
      if (latest && message) show({ ...latest, message });
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await writing;
    },
  };
}

const stageMessages: Partial<Record<RunStage, string>> = {
  plan: 'Comparing the rows with what was delivered',
  deliver: 'Sending the first rows',
  commit: 'Recording what was delivered',
};

const clamp = (ratio: number): number => Math.min(1, Math.max(0, Number.isFinite(ratio) ? ratio : 0));
