import type { Connection } from '@sluice/db/client';
import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { lockMembership } from './lock-membership.ts';

/**
 * Removes a member: their sessions end, the tokens they made for this workspace are revoked, and they leave the
 * organisation with its last workspace unless they own it. Throws `last_admin`, `not_found`.
 */
export async function removeMember(
  ctx: ServiceContext,
  actor: Actor,
  input: { userId: number },
): Promise<void> {
  authorise(actor, 'member.manage');
  const { workspaceId } = actor;
  await ctx.db.$transaction(async (tx) => {
    const member = await lockMembership(tx, workspaceId, input.userId);
    if (member.lastAdmin) {
      throw new SluiceError('last_admin', `${member.name} is the last admin of the workspace.`);
    }
    await tx.workspaceMember.delete({
      where: { workspaceId_userId: { workspaceId, userId: input.userId } },
    });
    const revoked = await tx.apiToken.updateMany({
      where: { workspaceId, createdById: input.userId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    await tx.user.update({ where: { id: input.userId }, data: { sessionVersion: { increment: 1 } } });
    await leaveOrganisation(tx, workspaceId, input.userId);
    await audit(tx, actor, {
      action: 'member.remove',
      subjectType: 'user',
      subjectId: input.userId,
      subjectName: member.name,
      changes: {
        role: [member.role, null],
        email: [member.email, null],
        ...(revoked.count > 0 && { revokedTokens: [null, revoked.count] }),
      },
    });
  });
}

async function leaveOrganisation(tx: Connection, workspaceId: number, userId: number): Promise<void> {
  const { organisationId } = await tx.workspace.findUniqueOrThrow({ where: { id: workspaceId } });
  const others = await tx.workspaceMember.count({ where: { userId, workspace: { organisationId } } });
  if (others === 0) {
    await tx.organisationMember.deleteMany({ where: { organisationId, userId, owner: false } });
  }
}
