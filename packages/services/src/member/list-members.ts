import { type Actor, authorise } from '@sluice/domain/actor';
import type { Role } from '@sluice/domain/permission';
import type { MemberView } from '@sluice/domain/workspace';
import type { ServiceContext } from '../context.ts';

/** Members of the workspace by name. */
export async function listMembers(ctx: Pick<ServiceContext, 'db'>, actor: Actor): Promise<MemberView[]> {
  authorise(actor, 'member.read');
  const rows = await ctx.db.workspaceMember.findMany({
    where: { workspaceId: actor.workspaceId },
    include: { user: { select: { name: true, email: true } } },
    orderBy: [{ user: { name: 'asc' } }, { userId: 'asc' }],
  });
  return rows.map(({ userId, role, createdAt, user }) => ({
    userId,
    name: user.name,
    email: user.email,
    role: role as Role,
    joinedAt: createdAt,
  }));
}
