import { countsAddUp, sumCounts } from '@sluice/domain/change';
import type { RunView } from '@sluice/domain/run';
import { expect } from 'vitest';
import type { House, Pipe } from './open-house.ts';

/** Runs that a sync may need after the last fault until nothing is left to do. */
const runsMax = 4;

/**
 * What has to be true after any fault: within a few undisturbed runs the destination holds exactly the source, the
 * counts of every run add up, no older value came after a newer one, and no row was on its way twice at once.
 * Answers the runs it took.
 */
export async function expectSettled(house: House, pipe: Pipe): Promise<RunView[]> {
  const runs: RunView[] = [];
  for (;;) {
    const run = await house.ended(await house.trigger(pipe.syncId, { ignoreGuards: true }));
    runs.push(run);
    if (run.status === 'success' && sumCounts(run.counts.planned) === 0) break;
    if (runs.length > runsMax) throw new Error(`after ${runs.length} runs: ${JSON.stringify(run)}`);
  }
  expect(pipe.collection.violations).toEqual([]);
  expect(sorted(pipe.collection.held)).toEqual(sorted(await pipe.people.all()));
  expect(runs.at(-1)?.counts.unchanged).toBe(pipe.collection.held.size);
  await expectCountsAddUp(house, pipe.syncId);
  return runs;
}

/** Every planned row of every run ended somewhere; the book of the run in the database says the same. */
export async function expectCountsAddUp(house: House, syncId: number): Promise<void> {
  const ids = await house.ctx.db.run.findMany({ where: { syncId }, select: { id: true } });
  for (const { id } of ids) {
    const { counts, error } = await house.ended(id);
    expect(countsAddUp(counts), `run ${id}: ${JSON.stringify(counts)}`).toBe(true);
    const exceptions = await house.ctx.db.runException.count({ where: { runId: id } });
    // A lost plan takes with it which rows are uncertain.
    const named =
      sumCounts(counts.rejected) + (error?.code === 'plan_missing' ? 0 : sumCounts(counts.uncertain));
    expect(exceptions, `run ${id}`).toBe(named);
    const settled = await house.ctx.db.runBatch.aggregate({
      where: { runId: id, state: 'settled' },
      _sum: { delivered: true },
    });
    expect(settled._sum.delivered ?? 0, `run ${id}`).toBe(sumCounts(counts.delivered));
  }
}

const sorted = <Item>(map: ReadonlyMap<number, Item>): Item[] =>
  [...map.entries()].sort(([a], [b]) => a - b).map(([, item]) => item);
