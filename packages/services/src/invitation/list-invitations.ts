import { type Actor, authorise } from '@sluice/domain/actor';
import type { Role } from '@sluice/domain/permission';
import type { InvitationView } from '@sluice/domain/workspace';
import type { ServiceContext } from '../context.ts';

/** Invitations of the workspace that can still be accepted, newest first. */
export async function listInvitations(
  ctx: Pick<ServiceContext, 'db'>,
  actor: Actor,
): Promise<InvitationView[]> {
  authorise(actor, 'member.manage');
  const rows = await ctx.db.invitation.findMany({
    where: { workspaceId: actor.workspaceId, acceptedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { id: 'desc' },
  });
  return rows.map(invitationView);
}

/** What may be shown of an invitation: not its secret, nor the hash of it. */
export function invitationView(row: {
  id: number;
  email: string | null;
  role: string;
  createdBy: string;
  createdAt: Date;
  expiresAt: Date;
}): InvitationView {
  const { id, email, role, createdBy, createdAt, expiresAt } = row;
  return { id, email, role: role as Role, createdBy, createdAt, expiresAt };
}
