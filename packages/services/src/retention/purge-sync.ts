import type { ServiceContext } from '../context.ts';

/** Removes the files of a sync that was removed: its ledgers. Files of its runs are found by the sweep. */
export async function purgeSync(
  ctx: ServiceContext,
  input: { workspaceId: number; syncId: number },
  signal: AbortSignal,
): Promise<void> {
  const exists = await ctx.db.sync.count({ where: { id: input.syncId, workspaceId: input.workspaceId } });
  if (exists > 0) return;
  for await (const key of ctx.blobs.list(`ledgers/${input.workspaceId}/${input.syncId}/`)) {
    signal.throwIfAborted();
    await ctx.blobs.remove(key);
  }
}
