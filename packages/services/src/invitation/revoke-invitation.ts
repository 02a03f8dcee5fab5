import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';

/** Ends an invitation that was not accepted yet: its link stops working at once. Throws `not_found`. */
export async function revokeInvitation(
  ctx: ServiceContext,
  actor: Actor,
  input: { id: number },
): Promise<void> {
  authorise(actor, 'member.manage');
  await ctx.db.$transaction(async (tx) => {
    const where = { id: input.id, workspaceId: actor.workspaceId, acceptedAt: null };
    const invitation = await tx.invitation.findFirst({ where });
    const { count } = await tx.invitation.deleteMany({ where });
    if (!invitation || count === 0) throw new SluiceError('not_found', 'There is no such open invitation.');
    await audit(tx, actor, {
      action: 'invitation.revoke',
      subjectType: 'invitation',
      subjectId: invitation.id,
      subjectName: invitation.email ?? 'anybody with the link',
    });
  });
}
