import { type Actor, authorise } from '@sluice/domain/actor';
import type { MissedSchedule, MissReason } from '@sluice/domain/missed-schedule';
import type { ServiceContext } from '../context.ts';
import { syncNotFound, syncScope } from '../sync/sync-scope.ts';

const missedMax = 20;

/** Times that the schedule of a sync missed, newest first, at most 20. Throws `not_found`. */
export async function listMissedSchedules(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  input: { id: number },
): Promise<MissedSchedule[]> {
  authorise(actor, 'sync.read');
  const { workspaceId } = actor;
  const sync = await ctx.db.sync.findFirst({
    where: { AND: [{ workspaceId, id: input.id }, syncScope(actor)] },
    select: { missedSchedules: { orderBy: { id: 'desc' }, take: missedMax } },
  });
  if (!sync) throw syncNotFound(input.id);
  return sync.missedSchedules.map(({ workspaceId: _, syncId: __, reason, ...missed }) => ({
    ...missed,
    reason: reason as MissReason,
  }));
}
