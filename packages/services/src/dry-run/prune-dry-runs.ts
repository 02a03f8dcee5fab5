import type { ServiceContext } from '../context.ts';

const pageSize = 500;

/** Forgets dry runs older than a day, and their plans. Answers how many. */
export async function pruneDryRuns(ctx: ServiceContext): Promise<number> {
  for (let pruned = 0; ; ) {
    const old = await ctx.db.$queryRaw<{ id: string; blobKey: string }[]>`
      select id::text, plan ->> 'blobKey' as "blobKey" from dry_runs
      where created_at < now() - interval '1 day' order by created_at limit ${pageSize}`;
    for (const { blobKey } of old) await ctx.blobs.remove(blobKey);
    await ctx.db.dryRun.deleteMany({ where: { id: { in: old.map(({ id }) => id) } } });
    pruned += old.length;
    if (old.length < pageSize) return pruned;
  }
}
