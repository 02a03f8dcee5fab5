import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import type { GrantView } from '@sluice/domain/grant';
import type { ServiceContext } from '../context.ts';

/** One grant of the workspace, without its tokens; throws `not_found`. */
export async function getGrant(ctx: ServiceContext, actor: Actor, input: { id: number }): Promise<GrantView> {
  authorise(actor, 'destination.read');
  const grant = await ctx.db.oAuthGrant.findFirst({
    where: { id: input.id, workspaceId: actor.workspaceId },
  });
  if (!grant) throw new SluiceError('not_found', `There is no grant ${input.id} in this workspace.`);
  const { id, connector, createdBy, createdAt } = grant;
  return { id, connector, status: grant.status as GrantView['status'], createdBy, createdAt };
}
