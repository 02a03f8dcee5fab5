import type { Connection } from '@sluice/db/client';
import { SluiceError } from '@sluice/domain/error';
import type { Role } from '@sluice/domain/permission';

export interface Membership {
  readonly userId: number;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly joinedAt: Date;
  /** Nobody else is an admin of the workspace. */
  readonly lastAdmin: boolean;
}

/**
 * A member of the workspace, with changes to its members held back until the transaction ends: two admins who demote
 * each other at the same time would otherwise both succeed. Throws `not_found`.
 */
export async function lockMembership(
  tx: Connection,
  workspaceId: number,
  userId: number,
): Promise<Membership> {
  await tx.$queryRaw`select id from workspaces where id = ${workspaceId} for update`;
  const member = await tx.workspaceMember.findUnique({
    where: { workspaceId_userId: { workspaceId, userId } },
    include: { user: { select: { name: true, email: true } } },
  });
  if (!member) throw new SluiceError('not_found', 'This person is not a member of the workspace.');
  const admins = await tx.workspaceMember.count({ where: { workspaceId, role: 'admin' } });
  return {
    userId,
    name: member.user.name,
    email: member.user.email,
    role: member.role as Role,
    joinedAt: member.createdAt,
    lastAdmin: member.role === 'admin' && admins === 1,
  };
}
