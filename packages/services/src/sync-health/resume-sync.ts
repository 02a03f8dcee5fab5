import { type Actor, authorise } from '@sluice/domain/actor';
import type { SyncView } from '@sluice/domain/sync';
import type { ResumeSync } from '@sluice/domain/sync-health';
import type { z } from 'zod';
import { lockRow } from '../connection/lock-row.ts';
import type { ServiceContext } from '../context.ts';
import { getSync, getSyncRow } from '../sync/get-sync.ts';
import { changePause } from './change-pause.ts';

/**
 * Lets the schedule of a sync go on, whatever it waited for. With `catchUp`, one run makes up at once for the times that
 * were missed; without, it goes on with its next time. Doing it twice is fine. Throws `not_found`.
 */
export async function resumeSync(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof ResumeSync>,
): Promise<SyncView> {
  authorise(actor, 'sync.trigger');
  const { id } = await getSyncRow(ctx, actor, input.id);
  await ctx.db.$transaction(async (tx) => {
    await lockRow(tx, 'syncs', actor.workspaceId, id);
    await changePause(tx, actor, { syncId: id, pause: null, catchUp: input.catchUp });
  });
  return getSync(ctx, actor, { id });
}
