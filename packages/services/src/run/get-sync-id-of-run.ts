import type { Actor } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '../context.ts';
import { runScope } from './run-scope.ts';

/** The sync of a run that the actor may know. Throws `not_found`. */
export async function getSyncIdOfRun(ctx: ServiceContext, actor: Actor, runId: number): Promise<number> {
  const run = await ctx.db.run.findFirst({
    where: { AND: [runScope(actor), { id: runId }] },
    select: { syncId: true },
  });
  if (!run) throw new SluiceError('not_found', `There is no run ${runId} in this workspace.`);
  return run.syncId;
}
