import type { House } from './open-house.ts';

/** Whether the database knows what became of every row in the plan of the newest run of a sync. */
export async function allSettled({ ctx }: Pick<House, 'ctx'>, syncId: number): Promise<boolean> {
  const [run] = await ctx.db.$queryRaw<{ planned: number | null; settled: number | null }[]>`
    select (select sum(value::int) from jsonb_each_text(counts -> 'planned'))::int as planned,
      (select sum(seq_to - seq_from + 1) from run_batches where run_id = runs.id and state = 'settled')::int as settled
    from runs where sync_id = ${syncId} order by id desc limit 1`;
  return typeof run?.settled === 'number' && run.settled === run.planned;
}
