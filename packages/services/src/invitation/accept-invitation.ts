import type { Person } from '@sluice/domain/actor';
import type { ServiceContext } from '../context.ts';
import { joinWorkspace } from './join-workspace.ts';
import { loadInvitation } from './load-invitation.ts';

/**
 * Makes a signed-in person a member of the workspace they were invited to. Who is a member already keeps their role,
 * and the invitation stays open for somebody else. Throws `invitation_invalid`.
 */
export async function acceptInvitation(
  ctx: ServiceContext,
  person: Person,
  input: { token: string },
): Promise<{ workspaceSlug: string }> {
  return ctx.db.$transaction(async (tx) => {
    const invitation = await loadInvitation(tx, input.token);
    const { id: workspaceId, slug } = invitation.workspace;
    const member = await tx.workspaceMember.findUnique({
      where: { workspaceId_userId: { workspaceId, userId: person.userId } },
    });
    if (!member) await joinWorkspace(tx, person, invitation);
    return { workspaceSlug: slug };
  });
}
