import { Prisma } from '@sluice/db/generated/client';
import { type RunCounts, sumCounts } from '@sluice/domain/change';
import type { StageTiming } from '@sluice/domain/run';
import { canBecome, type RunStage, type RunStatus } from '@sluice/domain/run-status';
import type { RunStore } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import type { ClaimedRun } from './claim-runs.ts';
import { endRun } from './end-run.ts';
import { openEventLog, setState, shownStatus } from './event-log.ts';
import type { ExchangeLog } from './exchange-log.ts';
import type { FrozenRun } from './freeze-specification.ts';
import { createProgressWriter } from './progress-writer.ts';
import {
  intendBatches,
  readBatches,
  readExceptions,
  rememberBatch,
  settleBatches,
} from './record-batches.ts';
import { fence, writeFenced } from './run-fence.ts';

const statusOfStage: Record<RunStage, RunStatus> = {
  queued: 'queued',
  extract: 'querying',
  plan: 'processing',
  deliver: 'processing',
  commit: 'reporting',
};

/** A run's record while one worker writes it. */
export interface OpenRunStore extends RunStore {
  /** This worker says nothing more about the run. Never throws. */
  close(): Promise<void>;
}

/** The run's record in Postgres, under the epoch of a claim. See `RunStore` for what each write promises. */
export function createRunStore(
  ctx: ServiceContext,
  run: ClaimedRun & Pick<FrozenRun, 'status' | 'plan'>,
  exchanges: ExchangeLog,
): OpenRunStore {
  const hold = { id: run.id, epoch: run.epoch };
  const events = openEventLog(ctx, hold);
  const progress = createProgressWriter(ctx, hold);
  let stages: StageTiming[] = [...run.stages];
  let status = run.status;

  return {
    // As it was read with the specification: nobody else writes it under this claim.
    plan: async () => run.plan,

    async enter(stage) {
      progress.enter(stage);
      stages = entered(stages, stage, new Date());
      const next = statusOfStage[stage];
      if (canBecome(status, next)) status = next;
      events.enter({ status, stages });
    },

    async planned(plan, keyFilter) {
      const rows = sumCounts(plan.counts.planned);
      progress.show(plan.counts, 0, `Planned ${rows.toLocaleString('en-US')} rows`);
      const lines = await events.take();
      await writeFenced(
        ctx,
        Prisma.sql`with ${fence(hold)}, ${lines}, planned as (
          update runs set plan = ${JSON.stringify(plan)}::jsonb, counts = ${JSON.stringify(plan.counts)}::jsonb,
            key_filter = ${keyFilter ?? null}::bytea, claims = 0, ${setState({ status, stages })}
          from fence where runs.id = fence.id
        ), ${shownStatus(status)}
        select count(*)::int as held, pg_notify('sluice_runs', 'event:' || ${run.id}::int)::text,
          pg_notify('sluice_runs', 'run:' || ${run.id}::int)::text from fence`,
      );
    },

    batches: () => readBatches(ctx, run.id),
    exceptions: () => readExceptions(ctx, run.id),

    intend: (batches) => intendBatches(ctx, hold, batches),
    remember: (batch, text) => rememberBatch(ctx, hold, batch, text),
    settle: (outcomes) => settleBatches(ctx, hold, outcomes, exchanges),

    async end(end) {
      await progress.stop();
      await exchanges.flush();
      await endRun(ctx, hold, end, { stages: finished(stages, new Date()), lines: await events.take() });
    },

    progress: (counts: RunCounts, ratio: number, message: string) => progress.show(counts, ratio, message),
    event: (level, stage, message, details) => events.add(level, stage, message, details),

    async close() {
      await progress.stop();
      await events.flush().catch(() => undefined);
    },
  };
}

/** The stages after one more began. A stage that was entered before (by an earlier attempt) goes on. */
function entered(stages: readonly StageTiming[], stage: RunStage, now: Date): StageTiming[] {
  const known = stages.some((timing) => timing.stage === stage);
  const others = stages.map((timing) => {
    if (timing.stage === stage) return { ...timing, finishedAt: null };
    return { ...timing, finishedAt: timing.finishedAt ?? now };
  });
  return known ? others : [...others, { stage, startedAt: now, finishedAt: null }];
}

const finished = (stages: readonly StageTiming[], now: Date): StageTiming[] =>
  stages.map((timing) => ({ ...timing, finishedAt: timing.finishedAt ?? now }));
