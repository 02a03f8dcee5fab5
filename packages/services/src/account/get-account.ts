import type { AccountView } from '@sluice/domain/account';
import type { Person } from '@sluice/domain/actor';
import { permissionsOfRole, type Role } from '@sluice/domain/permission';
import type { ServiceContext } from '../context.ts';

/** The person with every workspace they belong to, by name. */
export async function getAccount(ctx: Pick<ServiceContext, 'db'>, person: Person): Promise<AccountView> {
  const memberships = await ctx.db.workspaceMember.findMany({
    where: { userId: person.userId },
    include: { workspace: { include: { organisation: { select: { id: true, name: true } } } } },
    orderBy: [{ workspace: { name: 'asc' } }, { workspaceId: 'asc' }],
  });
  return {
    id: person.userId,
    name: person.name,
    email: person.email,
    workspaces: memberships.map(({ role, workspace }) => ({
      id: workspace.id,
      name: workspace.name,
      slug: workspace.slug,
      role: role as Role,
      permissions: [...permissionsOfRole(role as Role)],
      organisation: workspace.organisation,
    })),
  };
}
