import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { ServiceContext } from '../context.ts';
import { syncScope } from './sync-scope.ts';

/** The number of the actor's sync with this slug; throws `not_found`. */
export async function getSyncId(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
  slug: string,
): Promise<number> {
  authorise(actor, 'sync.read');
  const sync = await ctx.db.sync.findFirst({
    where: { AND: [{ workspaceId: actor.workspaceId, slug }, syncScope(actor)] },
    select: { id: true },
  });
  if (!sync) throw new SluiceError('not_found', `There is no sync "${slug}" in this workspace.`);
  return sync.id;
}
