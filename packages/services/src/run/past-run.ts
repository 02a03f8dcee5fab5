import { SluiceError } from '@sluice/domain/error';
import type { PastRun, StoredPlan } from '@sluice/engine/ports';
import type { ServiceContext } from '../context.ts';
import { messageOfReason, reasonHash } from './reason.ts';
import { readBatches, readExceptions } from './record-batches.ts';

const pageSize = 5_000;

/** An ended run of this workspace, as the engine replays it or takes it back. Throws `plan_missing`. */
export async function openPastRun(ctx: ServiceContext, workspaceId: number, runId: number): Promise<PastRun> {
  const run = await ctx.db.run.findFirst({ where: { id: runId, workspaceId }, select: { plan: true } });
  if (!run?.plan) throw new SluiceError('plan_missing', `The rows of run ${runId} are no longer kept.`);
  return {
    plan: run.plan as unknown as StoredPlan,
    batches: () => readBatches(ctx, runId),
    exceptions: () => readExceptions(ctx, runId),
    withReasons: (reasons) => readWithReasons(ctx, runId, reasons),
  };
}

async function* readWithReasons(
  ctx: ServiceContext,
  runId: number,
  reasons: readonly string[],
): AsyncIterable<number> {
  const hashes = reasons.flatMap((reason) => reasonHash(reason) ?? []);
  for (let after = -1; ; ) {
    const page = await ctx.db.$queryRaw<{ seq: number }[]>`
      select seq from run_exceptions
      where run_id = ${runId} and seq > ${after} and md5(code || chr(10) || ${messageOfReason}) = any(${hashes})
      order by seq limit ${pageSize}`;
    for (const { seq } of page) yield seq;
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last.seq;
  }
}
