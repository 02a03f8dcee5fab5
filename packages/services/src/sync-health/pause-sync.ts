import { type Actor, authorise } from '@sluice/domain/actor';
import type { SyncView } from '@sluice/domain/sync';
import { lockRow } from '../connection/lock-row.ts';
import type { ServiceContext } from '../context.ts';
import { getSync, getSyncRow } from '../sync/get-sync.ts';
import { changePause } from './change-pause.ts';

/**
 * Holds the schedule of a sync until somebody resumes it; runs by hand and by the API still start. Replaces a pause that
 * Sluice has set, so that it does not resume by itself. Throws `not_found`.
 */
export async function pauseSync(ctx: ServiceContext, actor: Actor, input: { id: number }): Promise<SyncView> {
  authorise(actor, 'sync.trigger');
  const { id } = await getSyncRow(ctx, actor, input.id);
  await ctx.db.$transaction(async (tx) => {
    await lockRow(tx, 'syncs', actor.workspaceId, id);
    const pause = {
      kind: 'person',
      waitsFor: 'decision',
      message: `${actor.identity.name} paused the schedule.`,
      fix: 'Resume it when it should go on.',
      code: null,
      runId: null,
      since: new Date(),
      until: null,
    } as const;
    await changePause(tx, actor, { syncId: id, pause });
  });
  return getSync(ctx, actor, { id });
}
