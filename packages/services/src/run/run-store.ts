import { Prisma } from '@sluice/db/generated/client';
import type { RunCounts } from '@sluice/domain/change';
import type { StageTiming } from '@sluice/domain/run';
import { canBecome, type RunStage, type RunStatus } from '@sluice/domain/run-status';
import type { BatchOutcome, BatchRecord, RowException, RunStore, StoredPlan } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import type { ClaimedRun } from './claim-runs.ts';
import { endRun } from './end-run.ts';
import { openEventLog } from './event-log.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { createProgressWriter } from './progress-writer.ts';
import { fence, writeFenced } from './run-fence.ts';

const statusOfStage: Record<RunStage, RunStatus> = {
  queued: 'queued',
  extract: 'querying',
  plan: 'processing',
  deliver: 'processing',
  commit: 'reporting',
};
const pageSize = 5_000;
const messageLengthMax = 2_000;

/** The run's record in Postgres, under the epoch of a claim. See `RunStore` for what each write promises. */
export function createRunStore(
  ctx: ServiceContext,
  run: ClaimedRun & { readonly status: RunStatus },
  exchanges: ExchangeLog,
): RunStore {
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

    async planned(plan) {
      await writeFenced(
        ctx,
        Prisma.sql`with ${fence(hold)}, planned as (
          update runs set plan = ${JSON.stringify(plan)}::jsonb, counts = ${JSON.stringify(plan.counts)}::jsonb,
            claims = 0
          from fence where runs.id = fence.id
        ) select count(*)::int as held, pg_notify('sluice_runs', 'run:' || ${run.id}::int)::text from fence`,
      );
    },

    batches: () => readBatches(ctx, run.id),
    exceptions: () => readExceptions(ctx, run.id),

    async intend(batches) {
      await writeFenced(
        ctx,
        Prisma.sql`with ${fence(hold)}, batch as (
          insert into run_batches (run_id, seq_from, seq_to, workspace_id, class, state, epoch)
          select fence.id, "seqFrom", "seqTo", fence.workspace_id, class, 'intended', ${run.epoch}::int
          from fence, jsonb_to_recordset(${JSON.stringify(batches)}::jsonb)
            as batch("seqFrom" int, "seqTo" int, class text)
          on conflict (run_id, seq_from) do update set epoch = excluded.epoch,
            -- A longer range of an earlier attempt is still in doubt to its end.
            seq_to = greatest(run_batches.seq_to, excluded.seq_to)
        ) select count(*)::int as held from fence`,
      );
    },

    async settle(outcomes) {
      const batches = outcomes.map((outcome) => ({
        ...rangeOf(outcome),
        ...exchanges.append(outcome.exchanges),
      }));
      const exceptions = outcomes.flatMap(({ exceptions: rows }) =>
        rows.map((row) => ({ ...row, ...clean(ctx, row) })),
      );
      await writeFenced(
        ctx,
        Prisma.sql`with ${fence(hold)}, batch as (
          insert into run_batches (run_id, seq_from, seq_to, workspace_id, class, state, epoch, delivered,
            exchange_key, exchange_from, exchange_to)
          select fence.id, "seqFrom", "seqTo", fence.workspace_id, class, 'settled', ${run.epoch}::int, delivered,
            "key", "from", "to"
          from fence, jsonb_to_recordset(${JSON.stringify(batches)}::jsonb)
            as batch("seqFrom" int, "seqTo" int, class text, delivered int, "key" text, "from" int, "to" int)
          on conflict (run_id, seq_from) do update set seq_to = excluded.seq_to, state = excluded.state,
            epoch = excluded.epoch, delivered = excluded.delivered, exchange_key = excluded.exchange_key,
            exchange_from = excluded.exchange_from, exchange_to = excluded.exchange_to
        ), exception as (
          insert into run_exceptions (run_id, seq, workspace_id, key, class, outcome, code, message)
          select fence.id, seq, fence.workspace_id, "key", class, outcome, code, message
          from fence, jsonb_to_recordset(${JSON.stringify(exceptions)}::jsonb)
            as exception(seq int, "key" text, class text, outcome text, code text, message text)
          on conflict (run_id, seq) do update set outcome = excluded.outcome, code = excluded.code,
            message = excluded.message
        ), progressed as (
          update runs set claims = 0 from fence where runs.id = fence.id and claims <> 0
        ) select count(*)::int as held from fence`,
      );
    },

    async end(end) {
      await progress.stop();
      await exchanges.flush();
      await events.flush();
      await endRun(ctx, hold, end, finished(stages, new Date()));
    },

    progress: (counts: RunCounts, ratio: number, message: string) => progress.show(counts, ratio, message),
    event: (level, stage, message, details) => events.add(level, stage, message, details),
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

const rangeOf = ({ seqFrom, seqTo, class: name, delivered }: BatchOutcome) => ({
  seqFrom,
  seqTo,
  class: name,
  delivered,
});

/** What a destination says may repeat a secret, or hold the one character that Postgres cannot store. */
function clean(ctx: ServiceContext, { key, code, message }: RowException) {
  return {
    key: storable(key),
    code: storable(code).slice(0, 100),
    message: storable(ctx.secrets.redact(message)).slice(0, messageLengthMax),
  };
}

const storable = (text: string): string => text.replaceAll('\u0000', '\uFFFD');

async function* readBatches(ctx: ServiceContext, runId: number): AsyncIterable<BatchRecord> {
  for (let after = -1; ; ) {
    const page = await ctx.db.runBatch.findMany({
      where: { runId, seqFrom: { gt: after } },
      orderBy: { seqFrom: 'asc' },
      take: pageSize,
      select: { seqFrom: true, seqTo: true, class: true, state: true },
    });
    yield* page as BatchRecord[];
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last.seqFrom;
  }
}

async function* readExceptions(ctx: ServiceContext, runId: number): AsyncIterable<RowException> {
  for (let after = -1; ; ) {
    const page = await ctx.db.runException.findMany({
      where: { runId, seq: { gt: after } },
      orderBy: { seq: 'asc' },
      take: pageSize,
      select: { seq: true, key: true, class: true, outcome: true, code: true, message: true },
    });
    yield* page as RowException[];
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last.seq;
  }
}
