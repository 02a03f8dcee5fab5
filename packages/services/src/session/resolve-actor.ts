import type { Actor, Person } from '@sluice/domain/actor';
import { SluiceError } from '@sluice/domain/error';
import { permissionsOfRole, type Role } from '@sluice/domain/permission';
import type { ServiceContext } from '../context.ts';

/**
 * The person as a member of the workspace with this slug. Somebody who is not a member gets `not_found`, the same as
 * for a workspace that does not exist.
 */
export async function resolveActor(
  ctx: Pick<ServiceContext, 'db'>,
  person: Person,
  workspaceSlug: string | null,
): Promise<Actor> {
  const member =
    workspaceSlug === null
      ? null
      : await ctx.db.workspaceMember.findFirst({
          where: { userId: person.userId, workspace: { slug: workspaceSlug } },
          select: { workspaceId: true, role: true },
        });
  if (!member) {
    throw new SluiceError('not_found', 'This workspace does not exist, or you are not a member of it.', {
      fix: 'Choose another workspace, or ask one of its admins for an invitation.',
    });
  }
  return {
    identity: { kind: 'user', userId: person.userId, name: person.name },
    workspaceId: member.workspaceId,
    permissions: permissionsOfRole(member.role as Role),
    requestId: person.requestId,
  };
}
