import { Prisma } from '@sluice/db/generated/client';
import { type RunCounts, sumCounts } from '@sluice/domain/change';
import type { StageTiming } from '@sluice/domain/run';
import { canBecome, type RunStage, type RunStatus } from '@sluice/domain/run-status';
import type { RunStore, StoredPlan } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import type { ClaimedRun } from './claim-runs.ts';
import { endRun } from './end-run.ts';
import { openEventLog } from './event-log.ts';
import type { ExchangeLog } from './exchange-log.ts';
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
  run: ClaimedRun & { readonly status: RunStatus },
  exchanges: ExchangeLog,
): OpenRunStore {
  const hold = { id: run.id, epoch: run.epoch };
  const events = openEventLog(ctx, hold);
  const progress = createProgressWriter(ctx, hold);
  let stages: StageTiming[] = [...run.stages];
  let status = run.status;

  return {
    async plan() {
      const found = await ctx.db.run.findFirst({ where: hold, select: { plan: true } });
      return (found?.plan ?? null) as StoredPlan | null;
    },

    async enter(stage) {
      progress.enter(stage);
      stages = entered(stages, stage, new Date());
      const next = statusOfStage[stage];
      if (canBecome(status, next)) status = next;
      await writeFenced(
        ctx,
        Prisma.sql`with ${fence(hold)}, entered as (
          update runs set status = ${status}, stages = ${JSON.stringify(stages)}::jsonb
          from fence where runs.id = fence.id
        ), shown as (
          update syncs set status = ${status} from fence where syncs.id = fence.sync_id
            and not exists (select 1 from runs newer where newer.sync_id = fence.sync_id and newer.status = 'queued')
        ) select count(*)::int as held, pg_notify('sluice_runs', 'run:' || ${run.id}::int)::text from fence`,
      );
    },

    async planned(plan, keyFilter) {
      const rows = sumCounts(plan.counts.planned);
      progress.show(plan.counts, 0, `Planned ${rows.toLocaleString('en-US')} rows`);
      await writeFenced(
        ctx,
        Prisma.sql`with ${fence(hold)}, planned as (
          update runs set plan = ${JSON.stringify(plan)}::jsonb, counts = ${JSON.stringify(plan.counts)}::jsonb,
            key_filter = ${keyFilter ?? null}::bytea, claims = 0
          from fence where runs.id = fence.id
        ) select count(*)::int as held, pg_notify('sluice_runs', 'run:' || ${run.id}::int)::text from fence`,
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
      await events.flush();
      await endRun(ctx, hold, end, finished(stages, new Date()));
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
