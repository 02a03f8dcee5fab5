import type { ServiceContext } from '../context.ts';
import { blobKinds } from './blob-owner.ts';

/** Removes the files of a sync that was removed. Does nothing while the sync exists; may be repeated. */
export async function purgeSync(
  ctx: ServiceContext,
  input: { workspaceId: number; syncId: number },
  signal: AbortSignal,
): Promise<void> {
  const exists = await ctx.db.sync.count({ where: { id: input.syncId, workspaceId: input.workspaceId } });
  if (exists > 0) return;
  for (const kind of blobKinds) {
    for await (const key of ctx.blobs.list(`${kind}/${input.workspaceId}/${input.syncId}/`)) {
      signal.throwIfAborted();
      await ctx.blobs.remove(key);
    }
  }
}
