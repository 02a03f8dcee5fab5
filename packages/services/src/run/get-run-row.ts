import type { Actor } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { GetRunRow, RunRowDetail } from '@sluice/domain/run';
import type { Exchange } from '@sluice/domain/sync';
import { mapRow } from '@sluice/engine/map/map-row';
import { readPlanRows } from '@sluice/engine/plan/plan-reader';
import type { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { readExchanges } from './exchange-log.ts';
import { runSpecification } from './frozen-specification.ts';
import { loadPlan } from './load-plan.ts';
import { rowOutcomes } from './row-outcomes.ts';

/** A batch may hold many requests; more than these are not shown with one row. */
const exchangesMax = 10;

/**
 * One row of a run on its whole way: the model's row, the record made from it with the mappings of that time, and the
 * requests of its batch with their answers, secrets masked. Throws `not_found`, `plan_missing`.
 */
export async function getRunRow(
  ctx: ServiceContext,
  actor: Actor,
  input: z.output<typeof GetRunRow>,
): Promise<RunRowDetail> {
  const run = await loadPlan(ctx, actor, input.runId);
  const missing = new SluiceError('not_found', `Run ${input.runId} has no row ${input.seq}.`);
  if (!run.plan || !run.specification || input.seq < 1) throw missing;
  const file = await ctx.blobs.read(run.plan.blobKey);
  const [change] = await readPlanRows(file.path, { afterSeq: 0, limit: 1, seqs: [input.seq] }).finally(() =>
    file.release(),
  );
  if (!change) throw missing;
  const [row] = await rowOutcomes(ctx, run, [change]);
  if (!row) throw missing;
  const mapped = mapRow(runSpecification(run, run.specification), change);
  const exchanges =
    row.outcome === 'skipped' || row.outcome === 'held' ? [] : await exchangesOf(ctx, run.id, row);
  return { ...row, mapped, exchanges: exchanges.slice(0, exchangesMax) };
}

async function exchangesOf(
  ctx: ServiceContext,
  runId: number,
  row: { seq: number; class: string },
): Promise<Exchange[]> {
  const batch = await ctx.db.runBatch.findFirst({
    where: {
      runId,
      class: row.class,
      seqFrom: { lte: row.seq },
      seqTo: { gte: row.seq },
      exchangeKey: { not: null },
    },
    orderBy: { seqFrom: 'desc' },
  });
  if (!batch?.exchangeKey) return [];
  return readExchanges(ctx.blobs, {
    key: batch.exchangeKey,
    from: batch.exchangeFrom ?? 0,
    to: batch.exchangeTo ?? 0,
  });
}
