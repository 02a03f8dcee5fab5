import { type Actor, authorise } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import { roles } from '@sluice/domain/permission';
import type { MemberView, UpdateMember } from '@sluice/domain/workspace';
import type { z } from 'zod';
import { audit } from '../audit/record-audit.ts';
import type { ServiceContext } from '../context.ts';
import { lockMembership } from './lock-membership.ts';

/**
 * Gives a member another role; it holds from their next request on. Throws `last_admin` when nobody else is admin,
 * `forbidden` for somebody who raises their own role, `not_found`.
 */
export async function updateMember(
  ctx: ServiceContext,
  actor: Actor,
  input: z.infer<typeof UpdateMember>,
): Promise<MemberView> {
  authorise(actor, 'member.manage');
  return ctx.db.$transaction(async (tx) => {
    const { lastAdmin, ...member } = await lockMembership(tx, actor.workspaceId, input.userId);
    const raises = roles.indexOf(input.role) > roles.indexOf(member.role);
    if (raises && actor.identity.kind === 'user' && actor.identity.userId === input.userId) {
      throw new SluiceError('forbidden', 'Nobody raises their own role.');
    }
    if (lastAdmin && input.role !== 'admin') {
      throw new SluiceError('last_admin', `${member.name} is the last admin of the workspace.`);
    }
    if (input.role === member.role) return member;
    await tx.workspaceMember.update({
      where: { workspaceId_userId: { workspaceId: actor.workspaceId, userId: input.userId } },
      data: { role: input.role },
    });
    await audit(tx, actor, {
      action: 'member.update',
      subjectType: 'user',
      subjectId: input.userId,
      subjectName: member.name,
      changes: { role: [member.role, input.role] },
    });
    return { ...member, role: input.role };
  });
}
