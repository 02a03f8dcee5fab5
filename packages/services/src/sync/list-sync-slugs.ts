import type { ServiceContext } from '../context.ts';

/** Slugs of the workspace's syncs that begin with the text. */
export async function listSyncSlugs(
  ctx: ServiceContext,
  workspaceId: number,
  prefix: string,
): Promise<string[]> {
  const found = await ctx.db.sync.findMany({
    where: { workspaceId, slug: { startsWith: prefix } },
    select: { slug: true },
  });
  return found.map(({ slug }) => slug);
}
